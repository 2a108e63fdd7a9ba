// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Mappings are a user's own attribute names.
type Mappings struct{ index *keyIndex }

// NewMappings takes own attribute names to the current GenAI name that each one means, as in
// {"acme.model": "gen_ai.request.model"}. An unknown target is an error that lists the possible ones; a current name cannot get another
// meaning.
func NewMappings(names map[string]string) (*Mappings, error) {
	own := make([]key, 0, len(names))
	for _, name := range slices.Sorted(maps.Keys(names)) {
		if r := builtin.find(name); name == "" || strings.HasPrefix(name, ownPrefix) || r != nil && r.convention == ConventionSemConv {
			return nil, fmt.Errorf("%q cannot be mapped to %q: it is no name of your own", name, names[name])
		}
		target, known := canonicalKeys[names[name]]
		if !known {
			return nil, fmt.Errorf("%q: %q is no name to map to; possible are %s", name, names[name],
				strings.Join(slices.Sorted(maps.Keys(canonicalKeys)), ", "))
		}
		target.key = name
		own = append(own, target)
	}
	return &Mappings{index: newKeyIndex(buildRules(own))}, nil
}

// canonicalKeys are the names that an attribute can be mapped to.
var canonicalKeys = func() map[string]key {
	names := make(map[string]key)
	for _, e := range slices.Concat(semConv.keys, neutralKeys.keys) {
		if e.field != fieldOtherSystem && !strings.HasPrefix(e.key, ownPrefix) {
			names[e.key] = e
		}
	}
	return names
}()
