// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package redactionprocessor

import (
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/llmcol/llmcol/internal/content"
	"github.com/llmcol/llmcol/internal/pii"
)

// pairSide is what a member is in lists of pairs, as environments, headers and form fields are written:
// [{"name":"DB_PASSWORD","value":"hunter2"}].
type pairSide uint8

const (
	noPair pairSide = iota
	pairName
	pairValue
)

// pairNames are the members that name what stands under pairValues.
var (
	pairNames  = []string{"name", "key", "header", "field"}
	pairValues = []string{"value", "val"}
)

func pairSideOf(name string) pairSide {
	for side, names := range [][]string{pairName: pairNames, pairValue: pairValues} {
		for _, n := range names {
			if strings.EqualFold(n, name) {
				return pairSide(side)
			}
		}
	}
	return noPair
}

// namesSecret tells whether a pair's name is that of a secret.
func namesSecret(name string) bool { return len(name) <= maxRememberedName && pii.IsSecretKey(name) }

// notePair marks the object in which a secret is named, for its value: names come first, as whoever writes such lists has them. In a map,
// which is at hand as a whole, the order does not matter.
func notePair(t *content.Token) {
	if namesSecret(t.Text) {
		t.Mark()
	}
}

// isNamedSecret tells whether a member of a JSON object is the value of a pair whose name is that of a secret.
func isNamedSecret(t *content.Token, facts *keyFacts) bool {
	return facts.pair == pairValue && t.Marked()
}

// hasSecretName tells whether the pair that a map is has the name of a secret.
func hasSecretName(m pcommon.Map) bool {
	for name, v := range m.All() {
		if pairSideOf(name) == pairName && v.Type() == pcommon.ValueTypeStr && namesSecret(v.Str()) {
			return true
		}
	}
	return false
}
