// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"io/fs"
	"maps"
	"net"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/confmap"
	envprovider "go.opentelemetry.io/collector/confmap/provider/envprovider"
	fileprovider "go.opentelemetry.io/collector/confmap/provider/fileprovider"
	yamlprovider "go.opentelemetry.io/collector/confmap/provider/yamlprovider"
	"go.opentelemetry.io/collector/otelcol"
)

// secrets are the only environment values that a shipped configuration may demand.
var secrets = map[string]string{
	"LLMCOL_TOKEN":         "a-token-for-tests",
	"LLMCOL_REDACTION_KEY": "a redaction key of more than 32 bytes",
}

// eachConfig runs the test on every file of config/, with the secrets set and nothing else.
func eachConfig(t *testing.T, test func(t *testing.T, path string)) {
	paths, err := filepath.Glob(filepath.Join(root, "config", "*.yaml"))
	require.NoError(t, err)
	require.NotEmpty(t, paths)
	for _, path := range paths {
		t.Run(filepath.Base(path), func(t *testing.T) {
			for name, value := range secrets {
				t.Setenv(name, value)
			}
			test(t, path)
		})
	}
}

func resolver(path string) confmap.ResolverSettings {
	return confmap.ResolverSettings{
		URIs: []string{"file:" + path},
		ProviderFactories: []confmap.ProviderFactory{
			envprovider.NewFactory(), fileprovider.NewFactory(), yamlprovider.NewFactory(),
		},
		DefaultScheme: "env",
	}
}

func resolve(t *testing.T, path string) map[string]any {
	r, err := confmap.NewResolver(resolver(path))
	require.NoError(t, err)
	conf, err := r.Resolve(t.Context())
	require.NoError(t, err)
	return conf.ToStringMap()
}

func TestConfigsPassADryRun(t *testing.T) {
	eachConfig(t, func(t *testing.T, path string) {
		collector, err := otelcol.NewCollector(otelcol.CollectorSettings{
			BuildInfo:              component.BuildInfo{Command: "llmcol", Version: "test"},
			Factories:              components,
			ConfigProviderSettings: otelcol.ConfigProviderSettings{ResolverSettings: resolver(path)},
		})
		require.NoError(t, err)
		assert.NoError(t, collector.DryRun(t.Context()))
	})
}

func TestConfigsUseNoDeprecatedNames(t *testing.T) {
	factories, err := components()
	require.NoError(t, err)
	deprecated := map[string][]string{
		"receivers":  aliases(factories.Receivers),
		"processors": aliases(factories.Processors),
		"exporters":  aliases(factories.Exporters),
		"connectors": aliases(factories.Connectors),
		"extensions": aliases(factories.Extensions),
	}
	require.Contains(t, deprecated["exporters"], "otlphttp")
	eachConfig(t, func(t *testing.T, path string) {
		conf := resolve(t, path)
		for section, names := range deprecated {
			components, _ := conf[section].(map[string]any)
			for id := range components {
				kind, _, _ := strings.Cut(id, "/")
				assert.NotContains(t, names, kind, section)
			}
		}
	})
}

// aliases are the deprecated names under which factories can still be configured.
func aliases[F component.Factory](factories map[component.Type]F) []string {
	var names []string
	for name, factory := range factories {
		if factory.Type() != name {
			names = append(names, name.String())
		}
	}
	return names
}

func TestConfigsDemandNoEnvironmentButSecrets(t *testing.T) {
	reference := regexp.MustCompile(`\$\{env:(\w+)(:-)?`)
	eachConfig(t, func(t *testing.T, path string) {
		for _, match := range reference.FindAllSubmatch(read(t, strings.TrimPrefix(path, root)), -1) {
			if len(match[2]) == 0 {
				assert.Contains(t, secrets, string(match[1]), "has neither a default nor is it a secret")
			}
		}
	})
}

func TestConfigsListenOnLoopback(t *testing.T) {
	eachConfig(t, func(t *testing.T, path string) {
		conf := resolve(t, path)
		listeners := map[string]any{
			"receivers":  conf["receivers"],
			"extensions": conf["extensions"],
			"prometheus": conf["exporters"].(map[string]any)["prometheus"],
		}
		found := 0
		walk(listeners, func(key string, value any) {
			if endpoint, ok := value.(string); ok && key == "endpoint" {
				found++
				host, _, err := net.SplitHostPort(endpoint)
				require.NoError(t, err)
				assert.Contains(t, []string{"127.0.0.1", "localhost"}, host)
			}
		})
		assert.Positive(t, found)
	})
}

func walk(node any, visit func(key string, value any)) {
	m, _ := node.(map[string]any)
	for _, key := range slices.Sorted(maps.Keys(m)) {
		visit(key, m[key])
		walk(m[key], visit)
	}
}

func TestConfigsPrintNoPrompts(t *testing.T) {
	eachConfig(t, func(t *testing.T, path string) {
		exporters, _ := resolve(t, path)["exporters"].(map[string]any)
		for id, exporter := range exporters {
			if kind, _, _ := strings.Cut(id, "/"); kind == "debug" {
				assert.Equal(t, map[string]any{"verbosity": "basic"}, exporter, id)
			}
		}
	})
}

func TestConfigsLimitMemoryFirst(t *testing.T) {
	eachConfig(t, func(t *testing.T, path string) {
		service := resolve(t, path)["service"].(map[string]any)
		for name, pipeline := range service["pipelines"].(map[string]any) {
			pipeline := pipeline.(map[string]any)
			if !slices.Contains(pipeline["receivers"].([]any), any("otlp")) {
				continue // it is fed by a pipeline that was limited already
			}
			assert.Equal(t, "memory_limiter", pipeline["processors"].([]any)[0], name)
		}
	})
}

// With pdata.useProtoPooling a collector of this release dies within seconds under load.
func TestNothingShippedEnablesPooling(t *testing.T) {
	gate := []byte("useProto" + "Pooling")
	kinds := []string{"", ".yaml", ".yml", ".md", ".sh", ".conf", ".service"}
	files := 0
	require.NoError(t, filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		switch name := entry.Name(); {
		case err != nil:
			return err
		case entry.IsDir() && (name == ".git" || name == "bin" || name == "data"):
			return fs.SkipDir
		case entry.IsDir() || !slices.Contains(kinds, filepath.Ext(name)):
			return nil
		}
		files++
		assert.False(t, bytes.Contains(read(t, strings.TrimPrefix(path, root)), gate), path)
		return nil
	}))
	assert.Greater(t, files, 5)
}
