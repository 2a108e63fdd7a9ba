// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package pricing

import (
	"fmt"
	"regexp"
	"strings"
)

// clause tells whether a name, in lower case, is meant.
type clause interface{ matches(name string) bool }

type (
	equals     string
	startsWith string
	endsWith   string
	contains   string
	pattern    struct{ *regexp.Regexp }
	anyOf      []clause
	allOf      []clause
	noneOf     []clause
)

func (c equals) matches(name string) bool     { return name == string(c) }
func (c startsWith) matches(name string) bool { return strings.HasPrefix(name, string(c)) }
func (c endsWith) matches(name string) bool   { return strings.HasSuffix(name, string(c)) }
func (c contains) matches(name string) bool   { return strings.Contains(name, string(c)) }
func (c pattern) matches(name string) bool    { return c.MatchString(name) }

func (c anyOf) matches(name string) bool {
	for _, one := range c {
		if one.matches(name) {
			return true
		}
	}
	return false
}

func (c allOf) matches(name string) bool {
	for _, one := range c {
		if !one.matches(name) {
			return false
		}
	}
	return true
}

func (c noneOf) matches(name string) bool { return !anyOf(c).matches(name) }

// textClauses are the clauses that hold a text, by their name in genai-prices.
var textClauses = map[string]func(text string) (clause, error){
	"equals":      func(text string) (clause, error) { return equals(strings.ToLower(text)), nil },
	"starts_with": func(text string) (clause, error) { return startsWith(strings.ToLower(text)), nil },
	"ends_with":   func(text string) (clause, error) { return endsWith(strings.ToLower(text)), nil },
	"contains":    func(text string) (clause, error) { return contains(strings.ToLower(text)), nil },
	"regex":       parsePattern,
}

// listClauses are the clauses that hold clauses.
var listClauses = map[string]func(of []clause) clause{
	"or":  func(of []clause) clause { return anyOf(of) },
	"and": func(of []clause) clause { return allOf(of) },
}

// parsePattern compiles a regular expression of the price table. Go's have no look-ahead; the table uses it in one way, a leading
// "^(?!not this)", which says the same as two clauses. Any other use is an error.
func parsePattern(text string) (clause, error) {
	if strings.HasPrefix(text, "^(?!") {
		end := closingParenthesis(text, 1)
		if end < 0 {
			return nil, fmt.Errorf("regular expression %q: look-ahead without an end", shortened(text))
		}
		unwanted, err := compile("^(?:" + text[4:end] + ")")
		if err != nil {
			return nil, err
		}
		wanted, err := compile("^" + text[end+1:])
		if err != nil {
			return nil, err
		}
		return allOf{noneOf{pattern{unwanted}}, pattern{wanted}}, nil
	}
	expression, err := compile(text)
	if err != nil {
		return nil, err
	}
	return pattern{expression}, nil
}

func compile(text string) (*regexp.Regexp, error) {
	expression, err := regexp.Compile(text)
	if err != nil {
		return nil, fmt.Errorf("regular expression %q: %w", shortened(text), err)
	}
	return expression, nil
}

// closingParenthesis finds the end of the group that opens at text[open].
func closingParenthesis(text string, open int) int {
	depth, inClass := 0, false
	for i := open; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\\':
			i++
		case inClass:
			inClass = c != ']'
		case c == '[':
			inClass = true
			for i+1 < len(text) && (text[i+1] == '^' || text[i+1] == ']') { // a bracket that comes first stands for itself
				i++
			}
		case c == '(':
			depth++
		case c == ')':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}

// glob is a user's pattern for a name: exact, or with one * at its end.
func glob(text string) clause {
	if prefix, ok := strings.CutSuffix(strings.ToLower(text), "*"); ok {
		return startsWith(prefix)
	}
	return equals(strings.ToLower(text))
}
