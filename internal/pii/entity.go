// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package pii

// EntityID identifies a kind of data inside one Scanner. Built-in entities
// have the same id in every Scanner of a process; custom ones follow them.
type EntityID uint16

// Class divides entities by what may let them pass.
type Class uint8

const (
	// Personal data may pass with its owner's consent.
	Personal Class = iota
	// Secret material never passes.
	Secret
)

// String returns "personal" or "secret".
func (c Class) String() string {
	if c == Secret {
		return "secret"
	}
	return "personal"
}

// Entity describes one kind of data that a Scanner finds.
type Entity struct {
	// Name is the upper-case name, such as "EMAIL"; the label is Name in brackets.
	Name string
	// Class is Personal or Secret.
	Class Class
	// Action is what replaces it unless configured otherwise.
	Action Action
	// Off says that it is only looked for when Options.Enable names it.
	Off bool
}

// Match is one hit: the bytes [Start, End) of the scanned text.
type Match struct {
	Start, End int
	Entity     EntityID
	Score      float32
}
