// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package pricing

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// maxFileSize is ten times the largest known price file.
const maxFileSize = 64 << 20

// Load reads price files and lays them above the table that is compiled in: the first file first, the compiled-in table last. Errors
// are of type *[FileError].
func Load(files ...string) (*Table, error) {
	t := &Table{}
	for _, file := range files {
		data, err := readFile(file)
		if err != nil {
			return nil, &FileError{File: file, Problem: err.Error()}
		}
		l, err := parseLayer(data)
		if err != nil {
			return nil, in(file, nil, err)
		}
		l.source = "file:" + filepath.Base(file)
		if info, err := os.Stat(file); err == nil && l.catalogue && l.date.IsZero() {
			l.date = info.ModTime()
		}
		t.layers = append(t.layers, l)
	}
	compiledIn, err := embedded()
	if err != nil {
		return nil, err
	}
	t.layers = append(t.layers, compiledIn)
	return t, nil
}

func readFile(file string) ([]byte, error) {
	f, err := os.Open(file)
	if err != nil {
		var path *os.PathError
		if errors.As(err, &path) {
			err = path.Err
		}
		return nil, fmt.Errorf("cannot be opened: %w", err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxFileSize+1))
	if err != nil {
		return nil, fmt.Errorf("cannot be read: %w", err)
	}
	if len(data) > maxFileSize {
		return nil, fmt.Errorf("is larger than %d MiB", maxFileSize>>20)
	}
	return data, nil
}

// parseLayer reads one file of prices in whichever format it has.
func parseLayer(data []byte) (*layer, error) {
	root, err := parse(data)
	if err != nil {
		return nil, err
	}
	for _, format := range formats {
		if !format.is(root) {
			continue
		}
		l, err := format.read(root)
		if err != nil {
			return nil, err
		}
		l.catalogue = format.catalogue
		for _, p := range l.providers {
			p.index()
		}
		return l, nil
	}
	return nil, root.problem("is %s; prices are a mapping (own format, LiteLLM, models.dev) or a list (genai-prices)", root.kind)
}

// formats are the formats of price files, told apart by their shape. The own one comes last: what resembles none of the others is
// taken for it, so that a misspelled key is named.
var formats = []struct {
	is        func(*node) bool
	read      func(*node) (*layer, error)
	catalogue bool // a whole table that somebody publishes
}{
	{isGenAIPrices, readGenAIPrices, true},
	{isLiteLLM, readLiteLLM, true},
	{isModelsDev, readModelsDev, true},
	{func(n *node) bool { return n.kind == mapNode }, readOwn, false},
}

// readPrice reads a price that is given per the unit that a price key says: 2.5 with input_mtok is 2.50 USD per million tokens.
func readPrice(n *node, priceKey string) (rate, error) {
	if err := n.want(scalarNode, "a price"); err != nil {
		return 0, err
	}
	for _, scale := range priceScales {
		if !strings.HasSuffix(priceKey, scale.suffix) {
			continue
		}
		value, err := scaled(n.text, scale.exponent)
		if err != nil {
			return 0, n.problem("%v", decimalError(n.text, err))
		}
		return rate((value + scale.divisor/2) / scale.divisor), nil
	}
	return 0, n.problem("unknown unit")
}
