// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package harness

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Fixture is what one real client sent; see test/testdata/clients/README.md.
type Fixture struct {
	Client     string
	Version    string
	Convention string
	// Requests are in the client's own order and batching.
	Requests []Request
	Label    Label
}

// Name is the client and its version, as in the file's name.
func (f Fixture) Name() string { return f.Client + "-" + f.Version }

// Label is the truth about a fixture, recorded beside the client.
type Label struct {
	// Loop is nil for the controls, which have Scenarios instead.
	Loop      *Loop               `json:"loop"`
	Scenarios map[string]Scenario `json:"scenarios"`
	// PIILiterals counts how often each planted personal datum or secret stands in the file.
	PIILiterals map[string]int `json:"pii_literals"`
	Billed      Billed         `json:"billed"`
}

// Loop describes the one loop of a fixture.
type Loop struct {
	Expected       bool   `json:"expected"`
	Tool           string `json:"tool"`
	IdenticalCalls int    `json:"identical_calls"`
	Period         int    `json:"period"`
}

// Scenario is one of several runs of a fixture, each with or without a loop.
type Scenario struct {
	Loop   bool   `json:"loop"`
	Calls  int    `json:"calls"`
	Period int    `json:"period"`
	Why    string `json:"why"`
}

// Billed is the model server's side of a fixture: which spans are model calls and what each cost.
type Billed struct {
	ModelCallsSeen int     `json:"model_calls_seen"`
	Cost           float64 `json:"cost"` // USD
	// Spans is keyed by span id in hex.
	Spans map[string]BilledCall `json:"spans"`
	// SameCallAlsoOn lists, for a span of Spans, further spans that report the same call.
	SameCallAlsoOn map[string][]string `json:"same_call_also_on"`
}

// BilledCall is one model call. Input includes CacheRead and CacheWrite. Fixtures of JavaScript clients
// have only the cost: their counts are nil.
type BilledCall struct {
	Input      *int64  `json:"input"`
	CacheRead  *int64  `json:"cache_read"`
	CacheWrite *int64  `json:"cache_write"`
	Output     *int64  `json:"output"`
	Cost       float64 `json:"cost"` // USD
}

// LoadFixtures reads every fixture of test/testdata/clients, in the order of their names.
func LoadFixtures() ([]Fixture, error) {
	root, err := Root()
	if err != nil {
		return nil, err
	}
	dir := filepath.Join(root, "test", "testdata", "clients")
	var labels map[string]Label
	if err := readJSON(filepath.Join(dir, "labels.json"), &labels); err != nil {
		return nil, err
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil {
		return nil, err
	}
	var fixtures []Fixture
	for _, file := range files {
		name := filepath.Base(file)
		label, ok := labels[name]
		if !ok {
			continue // labels.json itself
		}
		fixture, err := loadFixture(file, label)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		fixtures = append(fixtures, fixture)
	}
	if len(fixtures) != len(labels) {
		return nil, fmt.Errorf("%s: %d labels, but only %d of their files are there", dir, len(labels), len(fixtures))
	}
	return fixtures, nil
}

func loadFixture(path string, label Label) (Fixture, error) {
	var file struct {
		Client     string `json:"client"`
		Version    string `json:"version"`
		Convention string `json:"convention"`
		Exports    []struct {
			Signal      Signal          `json:"signal"`
			ContentType string          `json:"content_type"`
			Body        json.RawMessage `json:"body"`
		} `json:"exports"`
	}
	if err := readJSON(path, &file); err != nil {
		return Fixture{}, err
	}
	f := Fixture{Client: file.Client, Version: file.Version, Convention: file.Convention, Label: label}
	for i, export := range file.Exports {
		request, err := decodeRequest(export.Signal, export.Body)
		if err != nil {
			return Fixture{}, fmt.Errorf("export %d: %w", i, err)
		}
		if strings.HasPrefix(export.ContentType, "application/json") {
			request.capturedJSON = export.Body
		}
		f.Requests = append(f.Requests, request)
	}
	return f, nil
}

func readJSON(path string, into any) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(data, into); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}
