// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

// Package pii finds personal data and secrets in text, and replaces them. It
// knows nothing of the Collector.
//
// # How a scan works
//
// Scanner.Scan makes one pass. For each byte it looks the pair of the byte
// before and the byte itself up in a table of 65,536 entries (triggers.go).
// Nearly all entries are 0 and the loop goes on: a load and a branch a byte. The
// others name a list of what may stand around such a pair:
//
//   - "@" after anything: an e-mail address (email.go);
//   - a digit after no letter or digit: a number, which is tried as an IP address,
//     a card, an identifier of fixed shape, a phone number, coordinates
//     (number.go);
//   - a digit after a letter: a word of letters and digits, tried as an IBAN,
//     an identifier of fixed shape, a vehicle or document number;
//   - the rarest pair in the prefix of a key, such as "k-" in "sk-ant-"
//     (secrets_prefix.go);
//   - ":" or "=" behind a word: what an announced secret would be assigned with
//     (secrets_assigned.go);
//   - a character that hides a value, such as a zero-width blank or "%40"
//     (disguise.go).
//
// A finder grows from the pair to both sides, as far as the value's alphabet
// goes, checks what it has, and says where to go on. No regular expression
// runs, unless the user configured one, and nothing is allocated before there
// is a hit.
//
// # Identifiers of fixed shape
//
// Numbers of passports, taxes, health and social insurance, from SSN to
// Aadhaar, are rows of a table: shapes such as "999-99-9999", a function that
// checks the digits, context words (ids_*.go). All shapes stand in one trie, so
// that one walk over the text tries all of them (shape.go).
//
// # What makes a hit
//
// A score as in Presidio: each entity has a base score; a context word in the
// 60 bytes before or 30 after, or in the value's key, adds 0.35 (context.go); a
// valid check digit makes it 1 and an invalid one drops the candidate. One
// number in ten has a valid check digit by chance. Therefore a shape is either
// distinct, and believed as it is, or bare, and believed only beside a context
// word. Context is looked at only where it can change the outcome.
//
// Two profiles set the threshold: Precise for ids, tool data and the like,
// Broad for messages, where people write phone numbers as they please.
// Options.MinScore replaces the threshold of an entity.
//
// # Secrets
//
// A key ends at the first byte outside its alphabet, never at a quote that is
// asked for, so it is found in prose, in JSON in JSON and in a URL. Keys with a
// prefix are found by alphabet and length; those without one by the name
// before them, and then they must look random. UUIDs, hashes, trace ids and
// stamps are never a hit on their own.
//
// # Escapes and disguises
//
// Text may be raw JSON: the n of \n is no part of what follows, and no hit
// begins or ends inside an escape. If the pass meets a disguise, the text is
// scanned once more with full-width forms made plain, invisible characters
// taken out and escapes resolved; offsets are mapped back and the hits of both
// passes joined.
//
// # Twice is once
//
// What Actions wrote is recognised (label.go) and never hit again: it counts
// neither as text nor as context, and a number beside it is judged as it was
// beside the value. A fixed text is recognised if it has the form of a label,
// such as [REMOVED]; beside another, a second pass may take more. FuzzScan and
// TestTwiceIsOnce hold this.
//
// # Limits
//
// Names of persons and places need a model and are not found, but for names
// behind "my name is", "Mr" and the like, if PERSON is enabled. A secret that is
// split over two texts, or encrypted, or encoded otherwise than in base64 with
// Options.Decode, is missed. So is a European vehicle number without a check
// digit and a Danish CPR number given out without one since 2007.
//
// # A new entity
//
// Add a detector to one of the lists in registry.go, or a row to the lists of
// its family, and its values to the tables of the tests:
// TestEveryEntityHasATable asks for them.
package pii
