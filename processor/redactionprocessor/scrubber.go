// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package redactionprocessor

import (
	"strings"
	"unsafe"

	"github.com/llmcol/llmcol/internal/content"
	"github.com/llmcol/llmcol/internal/genai"
	"github.com/llmcol/llmcol/internal/pii"
)

// Stubs stand where a value stood that could not be looked at, or that nobody is to look at.
const (
	stubSecret   = "[SECRET]"
	stubMasked   = "[MASKED]"
	stubTooLarge = "[TOO_LARGE]"
	stubTooDeep  = "[TOO_DEEP]"
	stubPanic    = "[NOT_SCANNED]"
)

// secretEntity is what is counted for a value that was masked for the name it stands under.
const secretEntity = "SECRET"

// settings is what does not change while the processor runs.
type settings struct {
	*engine
	rules   []keyPatterns
	report  bool
	storage storage
	// consentKey and consentValue are the attribute that lets personal data pass; consentKey is empty if none does.
	consentKey, consentValue string

	maxValueBytes int
}

// scrubber cleans one batch at a time. It keeps its buffers; a pool hands it from batch to batch.
type scrubber struct {
	*settings
	keys    *keyBook
	reader  *genai.Reader
	json    content.Rewriter
	matches []pii.Match
	alone   []pii.Match
	written []byte
	tally   tally

	// What holds for the strings that are looked at now:
	profile pii.Profile
	// secretsOnly says that personal data may pass.
	secretsOnly bool
	// inMessage says that attributes hold message content, whatever their names.
	inMessage bool
	found     findings
	stored    []stored
	// drop says that a match asks for the whole attribute to be removed.
	drop bool
}

func newScrubber(s *settings) *scrubber {
	return &scrubber{
		settings: s, keys: newKeyBook(s.rules, s.engine), reader: genai.NewReader(nil),
		tally: newTally(s.engine),
	}
}

// text looks at one string that stands under a name and returns what is to stand in its place. It fails closed: what
// is too large to look at, or trips a panic, becomes a stub.
func (s *scrubber) text(text string, facts *keyFacts) (out string, changed bool) {
	defer func() {
		if recover() != nil {
			out, changed = s.stub(reasonPanic, stubPanic, text)
		}
	}()
	if len(text) > s.maxValueBytes {
		return s.stub(reasonTooLarge, stubTooLarge, text)
	}
	s.tally.bytes += int64(len(text))
	if content.LooksLikeJSON(text) {
		switch out, result := s.json.Rewrite(text, (*jsonVisitor)(s)); result {
		case content.NotJSON:
			s.tally.fallbacks++
		default:
			return out, result == content.Changed
		}
	}
	if out, changed = s.plain(text, facts); changed {
		out = strings.Clone(out)
	}
	return out, changed
}

// plain looks at text that holds no JSON. What it returns is valid until it is called again.
func (s *scrubber) plain(text string, facts *keyFacts) (string, bool) {
	s.matches = s.under(facts).Scan(s.matches[:0], text, s.profile)
	if len(s.matches) == 0 {
		return text, false
	}
	if facts.identity != "" {
		return s.pseudonym(facts.identity, text)
	}
	s.countMatches()
	if s.report {
		return text, false
	}
	s.written = s.actions.AppendRewrite(s.written[:0], text, s.matches)
	out := unsafe.String(unsafe.SliceData(s.written), len(s.written))
	return out, out != text
}

// countMatches notes the matches, and whether one asks for the attribute to be removed.
func (s *scrubber) countMatches() {
	for _, m := range s.matches {
		s.tally.found[m.Entity]++
		s.found.add(s.scanner.Entity(m.Entity).Name)
		s.drop = s.drop || s.actions.Of(m.Entity) == pii.Drop
	}
}

// pseudonym replaces the whole of an id in which something was found, so that what belongs together stays together.
func (s *scrubber) pseudonym(identity, id string) (string, bool) {
	for _, m := range s.matches {
		s.count(s.scanner.Entity(m.Entity).Name, pii.Pseudonym.String())
	}
	if s.report {
		return id, false
	}
	return string(s.actions.AppendPseudonym(nil, identity, id)), true
}

// mayIdentify reports whether a number under the name may be a card or an identifier of a person.
func (s *scrubber) mayIdentify(facts *keyFacts) bool { return !facts.count && !s.secretsOnly }

// number looks at a number, given in decimal digits, and returns the text that is to stand in its place.
func (s *scrubber) number(digits string, facts *keyFacts) (string, bool) {
	m, found := s.under(facts).ScanNumber(digits)
	if !found {
		return "", false
	}
	s.matches = append(s.matches[:0], m)
	if facts.identity != "" {
		return s.pseudonym(facts.identity, digits)
	}
	s.countMatches()
	if s.report {
		return "", false
	}
	return s.actions.Rewrite(digits, s.matches), true
}

func (s *scrubber) stub(reason, stub, text string) (string, bool) {
	s.tally.stubs[reason]++
	if s.report {
		return text, false
	}
	return stub, true
}

// count notes a match that is not treated as its entity's action says.
func (s *scrubber) count(entity, action string) {
	s.found.add(entity)
	if s.report {
		action = actionReport
	}
	s.tally.matches[matchKey{entity, action}]++
}

// jsonVisitor is the scrubber as it looks at the tokens of a JSON text.
type jsonVisitor scrubber

// shortestNumber is how many digits a number has at least that can be an identifier.
const shortestNumber = 6

// Visit implements content.Visitor.
func (v *jsonVisitor) Visit(t *content.Token) (edit content.Edit) {
	s := (*scrubber)(v)
	facts := s.keys.of(t.Name)
	switch t.Kind {
	case content.Name:
		return s.jsonName(t, facts)
	case content.String:
		if facts.pair == pairName {
			notePair(t)
		}
		edit.Text, edit.Replace = s.plain(t.Text, facts)
	case content.Number:
		if digits := wholeDigits(t.Text); len(digits) >= shortestNumber && s.mayIdentify(facts) {
			edit.Text, edit.Replace = s.number(digits, facts)
		}
	}
	return edit
}

// wholeDigits returns a JSON number without the ".0" that programs print behind whole floats.
func wholeDigits(number string) string {
	if whole, fraction, _ := strings.Cut(number, "."); strings.Trim(fraction, "0") == "" {
		return whole
	}
	return number
}

// under returns what looks at the strings under a name.
func (s *scrubber) under(facts *keyFacts) *pii.Key {
	if s.secretsOnly {
		return facts.underSecret
	}
	return facts.under
}

// newNameOf returns what becomes of a name.
func (s *scrubber) newNameOf(facts *keyFacts) newName {
	if s.secretsOnly {
		return facts.renamedSecret
	}
	return facts.renamed
}

// jsonName masks the value under a name like "password", and takes what must not leave out of the name itself.
func (s *scrubber) jsonName(t *content.Token, facts *keyFacts) (edit content.Edit) {
	if renamed := s.newNameOf(facts); renamed.name != "" {
		s.count(renamed.entity, pii.Pseudonym.String())
		edit.Replace, edit.Text = !s.report, renamed.name
	}
	if (facts.secret || isNamedSecret(t, facts)) && !isHiddenJSON(t.Value[:content.ValueEnd(t.Value)]) {
		s.count(secretEntity, actionMask)
		edit.ReplaceValue, edit.Value = !s.report, `"`+stubSecret+`"`
	}
	return edit
}
