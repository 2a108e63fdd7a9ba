// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package pii

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"sync"
	"unicode"
	"unicode/utf8"
)

// Action is what happens to a hit.
type Action uint8

const (
	// Label writes the entity in brackets: [EMAIL].
	Label Action = iota
	// Pseudonym writes entity and 16 hex digits of a keyed HMAC-SHA256 of the
	// value: [EMAIL:9f2c41ab8d03e7f1]. Equal values have equal pseudonyms; the
	// case of personal data, and the separators of numbers, do not count.
	Pseudonym
	// Partial writes four stars and the letters and digits among the last four
	// characters: ****1111. What may show none becomes a label.
	Partial
	// Hash writes "hmac-sha256:" and 64 hex digits of the keyed HMAC.
	Hash
	// Fixed writes a configured text.
	Fixed
	// Drop asks the caller to remove the attribute; where none can be
	// removed, the label is written.
	Drop
)

var actionNames = [...]string{Label: "label", Pseudonym: "pseudonym", Partial: "partial", Hash: "hash", Fixed: "fixed", Drop: "drop"}

// String returns the name used in configurations.
func (a Action) String() string { return actionNames[a] }

// ParseAction is the inverse of Action.String.
func ParseAction(name string) (Action, error) {
	for a, n := range actionNames {
		if n == name {
			return Action(a), nil
		}
	}
	return 0, fmt.Errorf("unknown action %q: want one of label, pseudonym, partial, hash, fixed, drop", name)
}

// MinKeyBytes is the length that an HMAC key must at least have.
const MinKeyBytes = 32

// ActionRule is the action for one entity, and its text if that is Fixed.
type ActionRule struct {
	Action Action
	Text   string
}

// ActionOptions configures Actions.
type ActionOptions struct {
	// Default replaces the default action of every entity that Entities does
	// not name; nil keeps each entity's own.
	Default *ActionRule
	// Entities has a rule by entity name.
	Entities map[string]ActionRule
	// Key is the HMAC key of pseudonyms and hashes, at least MinKeyBytes long.
	// Whoever has none configured passes random bytes.
	Key []byte
}

// Actions writes replacements. It is immutable and safe for concurrent use.
type Actions struct {
	entities []Entity
	rules    []ActionRule
	macs     sync.Pool
}

// NewActions checks o against the entities of s.
func NewActions(s *Scanner, o ActionOptions) (*Actions, error) {
	if len(o.Key) < MinKeyBytes {
		return nil, fmt.Errorf("key: %d bytes, want at least %d", len(o.Key), MinKeyBytes)
	}
	a := &Actions{entities: s.entities, rules: make([]ActionRule, len(s.entities))}
	key := append([]byte(nil), o.Key...)
	a.macs.New = func() any { return &mac{Hash: hmac.New(sha256.New, key)} }
	for id, e := range s.entities {
		a.rules[id] = ActionRule{Action: e.Action}
		if o.Default != nil {
			a.rules[id] = *o.Default
		}
	}
	var errs []error
	for name, rule := range o.Entities {
		id, ok := s.Lookup(name)
		if !ok {
			errs = append(errs, fmt.Errorf("actions: unknown entity %q", name))
			continue
		}
		a.rules[id] = rule
	}
	return a, errors.Join(errs...)
}

// Of returns the action for an entity.
func (a *Actions) Of(id EntityID) Action { return a.rules[id].Action }

// Append appends the replacement of text[m.Start:m.End] to dst.
func (a *Actions) Append(dst []byte, text string, m Match) []byte {
	e, value := &a.entities[m.Entity], text[m.Start:m.End]
	switch rule := a.rules[m.Entity]; rule.Action {
	case Pseudonym:
		return a.appendPseudonym(dst, e.Name, value, e.Class == Personal)
	case Partial:
		return appendPartial(dst, e.Name, value)
	case Hash:
		return a.appendHex(append(dst, hashPrefix...), value, sha256.Size, e.Class == Personal)
	case Fixed:
		return append(dst, rule.Text...)
	default:
		return appendLabel(dst, e.Name)
	}
}

// Rewrite returns text with every match replaced; text itself if there is none.
func (a *Actions) Rewrite(text string, matches []Match) string {
	if len(matches) == 0 {
		return text
	}
	return string(a.AppendRewrite(make([]byte, 0, len(text)+32*len(matches)), text, matches))
}

// AppendRewrite appends text to dst with every match replaced.
func (a *Actions) AppendRewrite(dst []byte, text string, matches []Match) []byte {
	done := 0
	for _, m := range matches {
		dst = append(dst, text[done:m.Start]...)
		dst = a.Append(dst, text, m)
		done = m.End
	}
	return append(dst, text[done:]...)
}

// AppendPseudonym appends "[NAME:16 hex digits]" for the whole of value: the
// way to replace a user or session id that holds personal data, so that
// sessions stay apart. Name is upper-case: "USER", "EMAIL".
func (a *Actions) AppendPseudonym(dst []byte, name, value string) []byte {
	return a.appendPseudonym(dst, name, value, false)
}

// appendPseudonym sees to it that there is a letter among the hex digits, by
// which labelAt tells them from a card number in brackets.
func (a *Actions) appendPseudonym(dst []byte, name, value string, canonical bool) []byte {
	dst = append(append(append(dst, '['), name...), ':')
	from := len(dst)
	dst = a.appendHex(dst, value, pseudonymDigits/2, canonical)
	if last := &dst[len(dst)-1]; digits.all(view(dst[from:])) {
		*last = 'a' + (*last-'0')%6
	}
	return append(dst, ']')
}

// AppendHash appends "hmac-sha256:" and the 64 hex digits of value's keyed
// hash: the stand-in for content that must not be stored, equal for equal
// content.
func (a *Actions) AppendHash(dst []byte, value string) []byte {
	return a.appendHex(append(dst, hashPrefix...), value, sha256.Size, false)
}

const (
	hashPrefix   = "hmac-sha256:"
	partialStars = "****"
	partialShown = 4 // characters
)

type mac struct {
	hash.Hash
	sum [sha256.Size]byte
	buf [256]byte
}

// appendHex appends the first bytes of value's keyed hash in hex digits.
// Canonical hashes the form in which equal values are equal: jane@example.com
// and Jane@Example.com, 4111 1111 and 4111-1111.
func (a *Actions) appendHex(dst []byte, value string, bytes int, canonical bool) []byte {
	m := a.macs.Get().(*mac)
	defer a.macs.Put(m)
	m.Reset()
	if canonical {
		m.Write(appendCanonical(m.buf[:0], value))
	} else {
		for len(value) > 0 {
			n := copy(m.buf[:], value)
			m.Write(m.buf[:n])
			value = value[n:]
		}
	}
	clear(m.buf[:])
	return hex.AppendEncode(dst, m.Sum(m.sum[:0])[:bytes])
}

func appendLabel(dst []byte, name string) []byte {
	return append(append(append(dst, '['), name...), ']')
}

// appendPartial writes always four stars, so that the length stays private.
// Nothing but letters and digits is shown: what else a value has could end a
// string, or begin another value with what follows. Of values under eight
// characters nothing may be shown. They become labels, so that stars with
// nothing behind them are known to be somebody else's.
func appendPartial(dst []byte, name, value string) []byte {
	from := len(dst)
	dst = append(dst, partialStars...)
	if runes := []rune(value); len(runes) >= 2*partialShown {
		for _, r := range runes[len(runes)-partialShown:] {
			if shownRune(r) {
				dst = utf8.AppendRune(dst, r)
			}
		}
	}
	if len(dst) == from+len(partialStars) {
		return appendLabel(dst[:from], name)
	}
	return dst
}

func shownRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
