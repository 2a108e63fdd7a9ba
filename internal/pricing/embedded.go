// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package pricing

import (
	_ "embed"
	"sync"
)

//go:generate go run ./gen -in ../../../shared/data/genai-prices-0.1.8.json.gz -version 0.1.8 -date 2026-09-23 -out genai-prices.json

// genai-prices.json is what pricing needs of the data of pydantic/genai-prices (MIT, see LICENSE.genai-prices).
//
//go:embed genai-prices.json
var genaiPrices []byte

var embedded = sync.OnceValues(func() (*layer, error) {
	l, err := parseLayer(genaiPrices)
	if err != nil {
		return nil, in("genai-prices.json", nil, err)
	}
	return l, nil
})
