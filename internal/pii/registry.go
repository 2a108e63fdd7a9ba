// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package pii

import "slices"

// detector is the registry's one entry for an entity. It is found by one of
// four means: fixed shapes, key prefixes, words that announce a secret, or a
// finder of its own.
type detector struct {
	Entity
	// score is the base score; context adds 0.35, a valid checksum makes it 1.
	score   float32
	context []string
	// prose words are context in text, but not in keys and names, where
	// "call" and "message" mean something else.
	prose []string

	// shapes are the fixed forms of an identifier; valid refuses an
	// identifier, given in upper case without separators.
	shapes []idShape
	valid  func(id []byte) bool
	// checked says that valid proves the identifier by a check digit.
	checked bool
	// upper refuses lower-case letters.
	upper bool

	// keys are the prefixes of a secret.
	keys []keyRule

	// find looks around a pair of bytes; on names the pairs.
	find finder
	on   []string
}

// finder looks for entities around text[i-1:i+1], the pair that triggered it,
// adds what it finds and returns where to go on; 0 for the next byte.
type finder func(st *scan, i int) int

// registry has one entry an entity. The order settles ties.
var registry = slices.Concat(
	secretDetectors,
	[]detector{emailDetector, cardDetector, ibanDetector},
	networkDetectors,
	cryptoDetectors,
	usDetectors,
	ukDetectors,
	germanicDetectors,
	romanceDetectors,
	northernDetectors,
	asiaPacificDetectors,
	latinAmericaDetectors,
	otherIDDetectors,
	vatDetectors,
	[]detector{phoneDetector, imeiDetector, vinDetector, birthDateDetector, coordinatesDetector, personCueDetector},
)

// Ids of the entities that finders name themselves.
var (
	emailID, cardID, ibanID, phoneID, ipID, macID, bitcoinID          EntityID
	vinID, birthDateID, coordinatesID, personID, passwordID, apiKeyID EntityID
	authTokenID, urlLoginID, jwtID, privateKeyID, azureSecretID       EntityID
	terraformID, discordID, telegramID, mailchimpID                   EntityID
)

// documentIDs are the entities of findDocument.
var documentIDs []EntityID

// The finders stand in the registry, so their ids are filled in after it.
func init() {
	for name, id := range map[string]*EntityID{
		"EMAIL":           &emailID,
		"CREDIT_CARD":     &cardID,
		"IBAN":            &ibanID,
		"PHONE":           &phoneID,
		"IP_ADDRESS":      &ipID,
		"MAC_ADDRESS":     &macID,
		"BTC_ADDRESS":     &bitcoinID,
		"VIN":             &vinID,
		"DATE_OF_BIRTH":   &birthDateID,
		"COORDINATES":     &coordinatesID,
		"PERSON":          &personID,
		"PASSWORD":        &passwordID,
		"API_KEY":         &apiKeyID,
		"AUTH_TOKEN":      &authTokenID,
		"URL_CREDENTIALS": &urlLoginID,
		"JWT":             &jwtID,
		"PRIVATE_KEY":     &privateKeyID,
		"AZURE_SECRET":    &azureSecretID,
		"TERRAFORM_TOKEN": &terraformID,
		"DISCORD_TOKEN":   &discordID,
		"TELEGRAM_TOKEN":  &telegramID,
		"MAILCHIMP_KEY":   &mailchimpID,
	} {
		*id = mustLookup(name)
	}
	for _, name := range documents {
		documentIDs = append(documentIDs, mustLookup(name))
	}
}

func mustLookup(name string) EntityID {
	for id, d := range registry {
		if d.Name == name {
			return EntityID(id)
		}
	}
	panic("pii: no entity " + name)
}

// Entities lists the built-in entities; the index is the EntityID.
func Entities() []Entity {
	list := make([]Entity, 0, len(registry))
	for _, d := range registry {
		list = append(list, d.Entity)
	}
	return list
}

// personal and secret begin a registry entry.
func personal(name string) Entity { return Entity{Name: name, Class: Personal} }
func secret(name string) Entity   { return Entity{Name: name, Class: Secret} }
