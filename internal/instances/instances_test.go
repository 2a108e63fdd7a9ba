// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package instances

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestOneValueForEachConfiguration(t *testing.T) {
	var s Shared[string, *int]
	made := 0
	make := func() (*int, error) {
		made++
		return new(int), nil
	}
	first, err := s.Take("a", make)
	require.NoError(t, err)
	second, err := s.Take("a", make)
	require.NoError(t, err)
	other, err := s.Take("b", make)
	require.NoError(t, err)
	assert.Same(t, first, second)
	assert.NotSame(t, first, other)
	assert.Equal(t, 2, made)

	assert.False(t, s.Give("a"))
	assert.True(t, s.Give("a"), "the last one ends it")
	assert.False(t, s.Give("a"), "once")
	again, err := s.Take("a", make)
	require.NoError(t, err)
	assert.NotSame(t, first, again)

	s.Forget("b")
	assert.False(t, s.Give("b"))
}

func TestWhatCannotBeMadeIsNotHeld(t *testing.T) {
	var s Shared[string, int]
	_, err := s.Take("a", func() (int, error) { return 0, errors.New("no") })
	require.Error(t, err)
	v, err := s.Take("a", func() (int, error) { return 7, nil })
	require.NoError(t, err)
	assert.Equal(t, 7, v)
}
