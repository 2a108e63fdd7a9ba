// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package pricing

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestStoreFollowsItsFiles(t *testing.T) {
	file := filepath.Join(t.TempDir(), "prices.yaml")
	write := func(content string) { require.NoError(t, os.WriteFile(file, []byte(content), 0o600)) }
	write("models: {openai/gpt-4o: {input: 1, output: 1}}")
	s, err := Open(file)
	require.NoError(t, err)
	total := func() string {
		p := s.Table().Price(&Call{Provider: "openai", RequestModel: "gpt-4o", Usage: usageOf(t, someCall), At: someDay})
		return p.Total.String()
	}
	require.Equal(t, "0.0015", total())

	reports := make(chan error, 10)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.Watch(ctx, time.Hour, func(err error) { reports <- err })
	}()
	receive := func() error {
		select {
		case err := <-reports:
			return err
		case <-time.After(10 * time.Second):
			require.Fail(t, "no report")
			return nil
		}
	}
	write("models: {openai/gpt-4o: {input: 2, output: 2}}")
	require.NoError(t, receive())
	assert.Equal(t, "0.003", total())

	write("models: {openai/gpt-4o: {inptu: 3}}")
	require.ErrorContains(t, receive(), `prices.yaml:1: models.openai/gpt-4o.inptu: unknown unit`)
	assert.Equal(t, "0.003", total(), "the last good table stays")

	replacement := file + ".new"
	require.NoError(t, os.WriteFile(replacement, []byte("models: {openai/gpt-4o: {input: 4, output: 4}}"), 0o600))
	require.NoError(t, os.Rename(replacement, file))
	require.NoError(t, receive())
	assert.Equal(t, "0.006", total())
	cancel()
	<-done
	assert.Empty(t, reports)
}

func TestTheAgeIsThatOfTheNewestTable(t *testing.T) {
	published := time.Date(2026, 9, 23, 0, 0, 0, 0, time.UTC)
	dir := t.TempDir()
	for name, content := range map[string]string{"own.yaml": "free: [a/b]", "data.json": `[{"id": "a", "models": []}]`} {
		file := filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(file, []byte(content), 0o600))
		written := published.AddDate(0, 1, 0)
		require.NoError(t, os.Chtimes(file, written, written))
	}
	assert.Equal(t, published, load(t).Date())
	assert.Equal(t, published, load(t, filepath.Join(dir, "own.yaml")).Date(), "exceptions of ours do not make it younger")
	assert.True(t, published.AddDate(0, 1, 0).Equal(load(t, filepath.Join(dir, "data.json")).Date()))
}

func TestStorePolls(t *testing.T) {
	file := filepath.Join(t.TempDir(), "prices.yaml")
	require.NoError(t, os.WriteFile(file, []byte("free: [a/b]"), 0o600))
	s, err := Open(file)
	require.NoError(t, err)
	before := s.Table()
	calls := 0
	s.refresh(func(error) { calls++ })
	assert.Zero(t, calls, "nothing changed")
	require.NoError(t, os.Remove(file))
	for range 3 {
		s.refresh(func(err error) {
			calls++
			require.ErrorContains(t, err, "no such file")
		})
	}
	assert.Equal(t, 1, calls, "reported once")
	assert.Same(t, before, s.Table())
}
