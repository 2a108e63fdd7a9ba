// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package redactionprocessor

import (
	"strconv"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/llmcol/llmcol/internal/pii"
)

// maxDepth is how deep maps and slices may stand in one another; deeper values become a stub.
const maxDepth = 256

// attributes looks at every attribute, in place. It fails closed: of attributes that trip a panic nothing is kept.
func (s *scrubber) attributes(m pcommon.Map) {
	defer func() {
		if recover() == nil {
			return
		}
		if s.tally.stubs[reasonPanic]++; !s.report {
			m.Clear()
		}
	}()
	renamed := false
	m.RemoveIf(func(key string, v pcommon.Value) bool {
		facts := s.keys.of(key)
		renamed = renamed || s.newNameOf(facts).name != ""
		return s.attribute(key, v, facts)
	})
	if renamed {
		s.rename(m)
	}
}

// attribute looks at one attribute and reports whether it is to be removed.
func (s *scrubber) attribute(key string, v pcommon.Value, facts *keyFacts) (remove bool) {
	switch facts.rule {
	case allowKey:
		return false
	case dropKey:
		s.tally.rules[ruleDropKeys]++
		return !s.report
	case maskKey:
		if !isHidden(v) {
			s.replaceByRule(ruleMaskKeys, v, stubMasked)
		}
		return false
	case hashKey:
		if !isHidden(v) {
			s.replaceByRule(ruleHashKeys, v, s.hashOf(v.AsString()))
		}
		return false
	}
	if facts.secret {
		s.maskSecret(v)
		return false
	}
	if facts.rule == infrastructureKey {
		defer s.searching(true)()
	}
	s.profile, s.drop = facts.profile, false
	if s.inMessage {
		s.profile = pii.Broad
	}
	s.value(v, facts, 0)
	return s.drop && !s.report
}

// searching has secrets only, or all that there is, looked for until the returned function is called.
func (s *scrubber) searching(secretsOnly bool) (restore func()) {
	before := s.secretsOnly
	s.secretsOnly = secretsOnly
	return func() { s.secretsOnly = before }
}

func (s *scrubber) hashOf(text string) string { return string(s.actions.AppendHash(nil, text)) }

// replaceByRule puts text in the place of a value.
func (s *scrubber) replaceByRule(rule string, v pcommon.Value, text string) {
	s.tally.rules[rule]++
	if !s.report {
		v.SetStr(text)
	}
}

func (s *scrubber) maskSecret(v pcommon.Value) {
	if isHidden(v) {
		return
	}
	s.count(secretEntity, actionMask)
	if !s.report {
		v.SetStr(stubSecret)
	}
}

// isHidden reports whether there is nothing to hide in a value, or it has been hidden before.
func isHidden(v pcommon.Value) bool {
	switch v.Type() {
	case pcommon.ValueTypeEmpty:
		return true
	case pcommon.ValueTypeStr:
		return v.Str() == "" || pii.IsLabel(v.Str())
	}
	return false
}

// value looks at a value and whatever is in it, in place. The facts are of the nearest name it stands under.
func (s *scrubber) value(v pcommon.Value, facts *keyFacts, depth int) {
	switch v.Type() {
	case pcommon.ValueTypeStr:
		if out, changed := s.text(v.Str(), facts); changed {
			v.SetStr(out)
		}
	case pcommon.ValueTypeInt:
		s.intValue(v, v.Int(), facts)
	case pcommon.ValueTypeDouble:
		s.doubleValue(v, facts)
	case pcommon.ValueTypeBytes:
		s.bytesValue(v, facts)
	case pcommon.ValueTypeMap, pcommon.ValueTypeSlice:
		if depth == maxDepth {
			if out, changed := s.stub(reasonTooDeep, stubTooDeep, ""); changed {
				v.SetStr(out)
			}
			return
		}
		s.container(v, facts, depth+1)
	}
}

func (s *scrubber) container(v pcommon.Value, facts *keyFacts, depth int) {
	if v.Type() == pcommon.ValueTypeSlice {
		for _, element := range v.Slice().All() {
			s.value(element, facts, depth)
		}
		return
	}
	renamed, named := false, hasSecretName(v.Map())
	for name, member := range v.Map().All() {
		memberFacts := s.keys.of(name)
		renamed = renamed || s.newNameOf(memberFacts).name != ""
		if memberFacts.secret || named && memberFacts.pair == pairValue {
			s.maskSecret(member)
			continue
		}
		s.value(member, memberFacts, depth)
	}
	if renamed {
		s.rename(v.Map())
	}
}

// intValue looks at a value that is the whole number n.
func (s *scrubber) intValue(v pcommon.Value, n int64, facts *keyFacts) {
	if !s.mayIdentify(facts) {
		return
	}
	if _, found := s.under(facts).ScanInt(n); !found {
		return
	}
	if out, changed := s.number(strconv.FormatInt(n, 10), facts); changed {
		v.SetStr(out)
	}
}

// maxExactDouble is the largest whole number up to which doubles hold every whole number.
const maxExactDouble = 1 << 53

// doubleValue looks at whole numbers that a client without integers sent as a double.
func (s *scrubber) doubleValue(v pcommon.Value, facts *keyFacts) {
	whole := int64(v.Double())
	if v.Double() >= 0 && v.Double() <= maxExactDouble && float64(whole) == v.Double() {
		s.intValue(v, whole, facts)
	}
}

// bytesValue looks at bytes as if they were text, as what is sent as bytes often is.
func (s *scrubber) bytesValue(v pcommon.Value, facts *keyFacts) {
	if out, changed := s.text(string(v.Bytes().AsRaw()), facts); changed {
		v.Bytes().FromRaw([]byte(out))
	}
}

// rename gives the members of a map names without personal data.
func (s *scrubber) rename(m pcommon.Map) {
	for key := range m.All() {
		if renamed := s.newNameOf(s.keys.of(key)); renamed.name != "" {
			s.count(renamed.entity, pii.Pseudonym.String())
		}
	}
	if s.report {
		return
	}
	clean := pcommon.NewMap()
	clean.EnsureCapacity(m.Len())
	for key, v := range m.All() {
		if renamed := s.newNameOf(s.keys.of(key)); renamed.name != "" {
			key = renamed.name
		}
		v.MoveTo(clean.PutEmpty(key))
	}
	clean.MoveTo(m)
}
