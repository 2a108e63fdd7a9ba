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
func Start(t testing.TB, configs ...string) *Collector {
	t.Helper()
	return StartWith(t, Options{Configs: configs})
}

// StartWith is [Start] with all options; an empty Dir becomes a temporary one.
func StartWith(t testing.TB, o Options) *Collector {
	t.Helper()
	if o.Dir == "" {
		o.Dir = t.TempDir()
	}
	c, err := Run(context.Background(), o)
	require.NoError(t, err)
	t.Cleanup(func() {
		c.Kill()
		if t.Failed() {
			t.Logf("llmcol printed:\n%s", c.Logs())
		}
	})
	return c
}

// Config is the text of a configuration of the repository, such as "config/quickstart.yaml".
func Config(t testing.TB, path string) string {
	t.Helper()
	text, err := ReadConfig(path)
	require.NoError(t, err)
	return text
}

// Eventually waits until the condition holds and fails the test where it does not in time.
func Eventually(t testing.TB, condition func() bool, msgAndArgs ...any) {
	t.Helper()
	require.Eventually(t, condition, Patience, 10*time.Millisecond, msgAndArgs...)
}

// Fixtures are what seventeen real clients sent; see [LoadFixtures].
func Fixtures(t testing.TB) []Fixture {
	t.Helper()
	fixtures, err := LoadFixtures()
	require.NoError(t, err)
	require.NotEmpty(t, fixtures)
	return fixtures
}

// Replay sends the fixture's requests in the given way and returns the outbox that holds what came out,
// opened just before the first request was sent.
func Replay(t testing.TB, c *Collector, f Fixture, way Way) *Outbox {
	t.Helper()
	out := c.Outbox()
	require.NoError(t, c.Send(Captured, way.Arrange(f.Requests)...))
	return out
}
