// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package harness

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Start runs a collector on the given configurations (texts, merged in their order) for as long as the
// test runs. Its log is printed where the test fails.
func Start(tb testing.TB, configs ...string) *Collector {
	tb.Helper()
	return StartWith(tb, Options{Configs: configs})
}

// StartWith is [Start] with all options; an empty Dir becomes a temporary one.
func StartWith(tb testing.TB, o Options) *Collector {
	tb.Helper()
	if o.Dir == "" {
		o.Dir = tb.TempDir()
	}
	c, err := Run(context.Background(), o)
	require.NoError(tb, err)
	tb.Cleanup(func() {
		c.Kill()
		if tb.Failed() {
			tb.Logf("llmcol printed:\n%s", c.Logs())
		}
	})
	return c
}

// Config is the text of a configuration of the repository, such as "config/quickstart.yaml".
func Config(tb testing.TB, path string) string {
	tb.Helper()
	text, err := ReadConfig(path)
	require.NoError(tb, err)
	return text
}

// Eventually waits until the condition holds and fails the test where it does not in time.
func Eventually(tb testing.TB, condition func() bool, msgAndArgs ...any) {
	tb.Helper()
	require.Eventually(tb, condition, Patience, 10*time.Millisecond, msgAndArgs...)
}

// Fixtures are what seventeen real clients sent; see [LoadFixtures].
func Fixtures(tb testing.TB) []Fixture {
	tb.Helper()
	fixtures, err := LoadFixtures()
	require.NoError(tb, err)
	require.NotEmpty(tb, fixtures)
	return fixtures
}

// Replay sends the fixture's requests in the given way and returns the outbox that holds what came out,
// opened just before the first request was sent.
func Replay(tb testing.TB, c *Collector, f Fixture, way Way) *Outbox {
	tb.Helper()
	out := c.Outbox()
	require.NoError(tb, c.Send(Captured, way.Arrange(f.Requests)...))
	return out
}
