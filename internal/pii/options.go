// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package pii

// Profile says how readily a candidate without proof is believed.
type Profile uint8

const (
	// Precise is for ids, tool data and everything that is not message
	// content: a hit needs a checksum, a key prefix, an unmistakable form or a
	// context word.
	Precise Profile = iota
	// Broad is for message content: also believes forms that people write in
	// prose, such as national phone numbers with a context word.
	Broad
)

// threshold is the lowest score that is a hit when Options.MinScore says
// nothing else.
func (p Profile) threshold() float32 {
	if p == Broad {
		return 0.4
	}
	return 0.5
}

// Options configures a Scanner. The zero value scans for every entity that is
// on by default, with phone numbers in E.164 and North American form.
type Options struct {
	// Entities limits the scan to these entity names; empty means every
	// entity that is on by default.
	Entities []string
	// Enable adds entities that are off by default.
	Enable []string
	// Disable takes entities away.
	Disable []string
	// MinScore replaces the profile's threshold for an entity, by name, 0 to 1.
	MinScore map[string]float32
	// Regions are ISO 3166 codes ("DE", "GB") whose national phone formats
	// are recognised in message content beside a context word.
	Regions []string
	// Allow lists values that are never a hit. A value is compared with one
	// match, never with the text around it; case, and the separators of
	// numbers, do not matter.
	Allow []string
	// AllowPatterns lists RE2 patterns; a match that one of them matches from
	// its first to its last byte is no hit.
	AllowPatterns []string
	// Custom adds the user's own patterns as entities.
	Custom []CustomPattern
	// Decode also looks into base64 runs, to depth 2. The hit is the whole run.
	Decode bool
}

// CustomPattern is a user's RE2 pattern, found under its own entity name.
type CustomPattern struct {
	// Name is the entity name, in the form of the built-in ones: EMPLOYEE_ID.
	Name string
	// Regex is an RE2 pattern. If it has a group named "value", only that
	// group is the hit.
	Regex string
	// Score is the base score, 0 to 1; 0 means 1.
	Score float32
	// Context words raise the score by 0.35 when one is near.
	Context []string
	// Secret puts the entity into the Secret class, which no consent lets pass.
	Secret bool
}

// Warning is something the user should know about a configuration that works.
type Warning struct {
	// Setting is the option or pattern meant.
	Setting string
	// Text says what was found and what it costs.
	Text string
}
