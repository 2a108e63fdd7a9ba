// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.yaml.in/yaml/v3"
	"golang.org/x/mod/modfile"
)

const (
	root      = "../.."
	ownModule = "github.com/llmcol/llmcol"
)

func TestOwnComponentsHaveSoundConfigs(t *testing.T) {
	factories, err := components()
	require.NoError(t, err)
	own := 0
	for kind, module := range factories.ProcessorModules {
		if isOwn(module) {
			own++
			assert.NoError(t, componenttest.CheckConfigStruct(factories.Processors[kind].CreateDefaultConfig()), kind)
		}
	}
	for kind, module := range factories.ConnectorModules {
		if isOwn(module) {
			own++
			assert.NoError(t, componenttest.CheckConfigStruct(factories.Connectors[kind].CreateDefaultConfig()), kind)
		}
	}
	assert.Equal(t, componentFolders(t), own, "every component folder has its line in builder-config.yaml")
}

func isOwn(module string) bool { return strings.HasPrefix(module, ownModule+" ") }

func componentFolders(t *testing.T) int {
	folders, err := filepath.Glob(filepath.Join(root, "*or", "*", "metadata.yaml")) // processor, connector
	require.NoError(t, err)
	return len(folders)
}

func TestManifestNamesTheVersionsThatAreLinked(t *testing.T) {
	linked := requirements(t)
	var manifest struct {
		Receivers, Processors, Exporters, Connectors, Extensions, Providers []struct{ Gomod string }
	}
	require.NoError(t, yaml.Unmarshal(read(t, "builder-config.yaml"), &manifest))
	entries := 0
	for _, list := range [][]struct{ Gomod string }{
		manifest.Receivers, manifest.Processors, manifest.Exporters,
		manifest.Connectors, manifest.Extensions, manifest.Providers,
	} {
		for _, entry := range list {
			path, version, _ := strings.Cut(entry.Gomod, " ")
			if path == ownModule {
				continue
			}
			entries++
			assert.Equal(t, linked[path], version, path)
		}
	}
	assert.Greater(t, entries, 30)
}

func TestCollectorModulesAreOfOneRelease(t *testing.T) {
	for path, version := range requirements(t) {
		if strings.HasPrefix(path, "go.opentelemetry.io/collector/") || strings.HasPrefix(path, "github.com/open-telemetry/opentelemetry-collector-contrib/") {
			assert.Contains(t, []string{"v0.158.0", "v1.64.0"}, version, path)
		}
	}
}

func requirements(t *testing.T) map[string]string {
	file, err := modfile.Parse("go.mod", read(t, "go.mod"), nil)
	require.NoError(t, err)
	versions := map[string]string{}
	for _, require := range file.Require {
		versions[require.Mod.Path] = require.Mod.Version
	}
	return versions
}

func read(t *testing.T, path string) []byte {
	data, err := os.ReadFile(filepath.Join(root, path))
	require.NoError(t, err)
	return data
}
