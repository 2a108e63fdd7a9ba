// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package redactionprocessor

import (
	"os"
	"reflect"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/llmcol/llmcol/internal/pii"
)

func TestReadmeNamesEverySettingAndEntity(t *testing.T) {
	text, err := os.ReadFile("README.md")
	require.NoError(t, err)
	for _, e := range pii.Entities() {
		assert.Contains(t, string(text), "`"+e.Name+"`")
	}
	for _, field := range reflect.VisibleFields(reflect.TypeFor[Config]()) {
		assert.Contains(t, string(text), "`"+field.Tag.Get("mapstructure")+"`")
	}
}
