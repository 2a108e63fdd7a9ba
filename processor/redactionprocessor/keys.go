// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package redactionprocessor

import (
	"strings"

	"github.com/llmcol/llmcol/internal/genai"
	"github.com/llmcol/llmcol/internal/pii"
)

// keyRule is what a setting has decided about an attribute by its name.
type keyRule uint8

const (
	noRule keyRule = iota
	dropKey
	maskKey
	hashKey
	allowKey
	infrastructureKey // says what and where, not who
)

// keyPatterns are the names a setting lists. A key that several settings list belongs to the first, the strictest.
type keyPatterns struct {
	setting  string
	rule     keyRule
	patterns []string
}

func (c *Config) keyRules() []keyPatterns {
	return []keyPatterns{
		{"drop_keys", dropKey, c.DropKeys},
		{"mask_keys", maskKey, c.MaskKeys},
		{"hash_keys", hashKey, c.HashKeys},
		{"allow_keys", allowKey, c.AllowKeys},
		{"infrastructure_keys", infrastructureKey, c.InfrastructureKeys},
	}
}

// keyFacts is all there is to know about an attribute, a JSON member or another string by its name.
type keyFacts struct {
	key string
	// under looks at what stands under the name, underSecret where personal data may pass.
	under, underSecret *pii.Key
	rule               keyRule
	// secret says that the name is that of a secret, such as a password.
	secret bool
	// pair is what the member is in lists of names and values.
	pair pairSide
	// count says that numbers under the name are counts.
	count bool
	// identity is what a user, session or conversation id is called in a pseudonym; empty for other keys.
	identity string
	// profile is how readily text under the key is taken for personal data.
	profile pii.Profile
	// renamed is what becomes of the name itself; renamedSecret, where personal data may pass.
	renamed, renamedSecret newName
}

// newName stands in the place of a name that holds something that must not leave, which entity is; both are empty if it
// may.
type newName struct{ name, entity string }

// maxRememberedKeys bounds the memory for names: those of attributes are few, those of JSON may be anything. When it is
// full, it starts again.
const maxRememberedKeys = 4096

// maxRememberedName is the longest name worth remembering, in bytes.
const maxRememberedName = 128

// recentKeys is the number of names that are found without a look into the map; a power of two.
const recentKeys = 512

// keyBook knows the facts about names. It remembers them and is for one goroutine at a time.
type keyBook struct {
	rules   []keyPatterns
	engine  *engine
	facts   map[string]*keyFacts
	recent  [recentKeys]*keyFacts
	matches []pii.Match
}

func newKeyBook(rules []keyPatterns, e *engine) *keyBook {
	return &keyBook{rules: rules, engine: e, facts: make(map[string]*keyFacts)}
}

func (b *keyBook) of(name string) *keyFacts {
	recent := &b.recent[recentSlot(name)]
	if *recent != nil && (*recent).key == name {
		return *recent
	}
	facts, known := b.facts[name]
	if !known {
		facts = b.find(strings.Clone(name))
		if len(name) > maxRememberedName {
			return facts
		}
		if len(b.facts) == maxRememberedKeys {
			clear(b.facts)
		}
		b.facts[facts.key] = facts
	}
	*recent = facts
	return facts
}

// recentSlot tells names apart by their length, their last and their middle bytes: attributes share their beginnings.
func recentSlot(name string) uint {
	n := uint(len(name))
	if n == 0 {
		return 0
	}
	return (n*31 + uint(name[n-1])*7 + uint(name[n/2])*17 + uint(name[n*3/4])*29) % recentKeys
}

func (b *keyBook) find(name string) *keyFacts {
	facts := &keyFacts{key: name, under: b.engine.scanner.Under(name), underSecret: b.engine.secrets.Under(name)}
	b.classify(facts, strings.TrimPrefix(name, genai.OriginalPrefix))
	for _, r := range b.rules {
		if matchesAny(r.patterns, name) {
			facts.rule = r.rule
			break
		}
	}
	facts.renamed = b.renamed(b.engine.scanner, name)
	if facts.renamed.name != "" {
		facts.renamedSecret = b.renamed(b.engine.secrets, name)
	}
	return facts
}

// classify notes what is known of attributes of that name.
func (b *keyBook) classify(facts *keyFacts, name string) {
	facts.secret, facts.count, facts.pair = pii.IsSecretKey(name), genai.IsCountKey(name), pairSideOf(name)
	if genai.IsIdentifierKey(name) {
		facts.rule = infrastructureKey
	}
	switch {
	case genai.IsUserKey(name):
		facts.identity = "USER"
	case genai.IsConversationKey(name):
		facts.identity = "SESSION"
	}
	if genai.RoleOf(name).IsMessageContent() {
		facts.profile = pii.Broad
	}
}

// renamed replaces what the scanner finds in a name by pseudonyms, so that different names stay different.
func (b *keyBook) renamed(scanner *pii.Scanner, name string) newName {
	b.matches = scanner.Scan(b.matches[:0], name, pii.Precise)
	if len(b.matches) == 0 {
		return newName{}
	}
	var out []byte
	done := 0
	for _, m := range b.matches {
		out = append(out, name[done:m.Start]...)
		out = b.engine.actions.AppendPseudonym(out, scanner.Entity(m.Entity).Name, name[m.Start:m.End])
		done = m.End
	}
	return newName{string(append(out, name[done:]...)), scanner.Entity(b.matches[0].Entity).Name}
}

func matchesAny(patterns []string, name string) bool {
	for _, p := range patterns {
		if matches(p, name) {
			return true
		}
	}
	return false
}

// matches reports whether name is what pattern says, in which a star stands for any text.
func matches(pattern, name string) bool {
	head, rest, star := strings.Cut(pattern, "*")
	if !star {
		return pattern == name
	}
	if !strings.HasPrefix(name, head) {
		return false
	}
	name = name[len(head):]
	for {
		part, after, more := strings.Cut(rest, "*")
		if !more {
			return strings.HasSuffix(name, part)
		}
		i := strings.Index(name, part)
		if i < 0 {
			return false
		}
		name, rest = name[i+len(part):], after
	}
}
