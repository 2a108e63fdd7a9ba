// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package pii

import (
	"errors"
	"fmt"
	"regexp"
	"regexp/syntax"
	"strings"
	"unicode/utf8"
)

// customRule is a user's pattern, ready to run.
type customRule struct {
	re *regexp.Regexp
	id EntityID
	// literal occurs in every match; the pattern is only run where it does.
	literal string
	fold    bool // the literal is in lower case and may occur in any
	group   int  // the submatch that is the hit
}

// addCustom compiles the patterns and gives each an entity of its own.
func (s *Scanner) addCustom(patterns []CustomPattern) ([]Warning, error) {
	var warnings []Warning
	var errs []error
	s.detectors = s.detectors[:len(s.detectors):len(s.detectors)]
	for i, p := range patterns {
		setting := fmt.Sprintf("custom[%d] %s", i, p.Name)
		rule, err := compileCustom(p)
		if _, taken := s.Lookup(p.Name); err == nil && taken {
			err = errors.New("there is an entity of that name already")
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", setting, err))
			continue
		}
		rule.id = EntityID(len(s.entities))
		if rule.literal == "" {
			warnings = append(warnings, Warning{setting, "the pattern has no literal text that every match must contain, so it runs over every value: about 20 ms of CPU time for each MB"})
		}
		d := detector{Entity: personal(p.Name), score: p.Score, context: lowerAll(p.Context)}
		if p.Secret {
			d.Class = Secret
		}
		if d.score == 0 {
			d.score = 1
		}
		s.entities, s.detectors, s.custom = append(s.entities, d.Entity), append(s.detectors, d), append(s.custom, rule)
	}
	return warnings, errors.Join(errs...)
}

func lowerAll(list []string) []string {
	out := make([]string, len(list))
	for i, w := range list {
		out[i] = strings.ToLower(w)
	}
	return out
}

func compileCustom(p CustomPattern) (customRule, error) {
	if p.Name == "" || !isUpper(p.Name[0]) || !labelName.all(p.Name) || len(p.Name) > maxLabel-2 {
		return customRule{}, fmt.Errorf("name %q: want 1 to %d of A-Z, 0-9 and _, with a letter first", p.Name, maxLabel-2)
	}
	if p.Score < 0 || p.Score > 1 {
		return customRule{}, fmt.Errorf("score %v: want 0 to 1", p.Score)
	}
	re, err := regexp.Compile(p.Regex)
	if err != nil {
		return customRule{}, fmt.Errorf("regex: %w", err)
	}
	if re.MatchString("") {
		return customRule{}, fmt.Errorf("regex %q matches the empty string", p.Regex)
	}
	parsed, err := syntax.Parse(p.Regex, syntax.Perl)
	if err != nil {
		return customRule{}, fmt.Errorf("regex: %w", err)
	}
	rule := customRule{re: re, group: max(0, re.SubexpIndex("value"))}
	rule.literal, rule.fold = requiredLiteral(parsed)
	if rule.fold {
		rule.literal = strings.ToLower(rule.literal)
	}
	return rule, nil
}

// requiredLiteral returns the longest text that every match of re contains,
// and whether its case does not matter. It is empty if there is none.
func requiredLiteral(re *syntax.Regexp) (literal string, fold bool) {
	switch re.Op {
	case syntax.OpLiteral:
		if re.Flags&syntax.FoldCase != 0 {
			return longestPlain(re.Rune), true
		}
		return string(re.Rune), false
	case syntax.OpCapture, syntax.OpPlus:
		return requiredLiteral(re.Sub[0])
	case syntax.OpRepeat:
		if re.Min > 0 {
			return requiredLiteral(re.Sub[0])
		}
	case syntax.OpConcat:
		for _, sub := range re.Sub {
			if l, f := requiredLiteral(sub); len(l) > len(literal) {
				literal, fold = l, f
			}
		}
	}
	return literal, fold
}

// longestPlain returns the longest run of ASCII in runes to which no other
// letters fold, as the Kelvin sign does to k and the long s to s.
func longestPlain(runes []rune) string {
	longest := ""
	for _, part := range strings.FieldsFunc(string(runes), func(r rune) bool {
		return r >= utf8.RuneSelf || strings.ContainsRune("kKsS", r)
	}) {
		if len(part) > len(longest) {
			longest = part
		}
	}
	return longest
}

// occurs tells whether the rule's literal is in text.
func (r *customRule) occurs(text string) bool {
	if r.fold {
		return containsFold(text, r.literal)
	}
	return strings.Contains(text, r.literal)
}

// runCustom adds what the user's patterns match.
func (st *scan) runCustom() {
	for i := range st.custom {
		rule := &st.custom[i]
		if st.min[rule.id] >= never || !rule.occurs(st.text) {
			continue
		}
		var hits []Match
		for _, at := range rule.re.FindAllStringSubmatchIndex(st.text, -1) {
			start, end := at[2*rule.group], at[2*rule.group+1]
			if start >= 0 && start < end && !inReplacement(st.text, start, end) {
				hits = st.appendCustom(hits, rule.id, start, end)
			}
		}
		st.merge(hits)
	}
}

func (st *scan) appendCustom(hits []Match, id EntityID, start, end int) []Match {
	score := st.scored(id, start, end)
	if score < st.min[id] || st.allow.passes(st, st.text[start:end]) {
		return hits
	}
	return append(hits, Match{start, end, id, min(score, 1)})
}
