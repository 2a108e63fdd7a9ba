// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package redactionprocessor

import (
	"crypto/rand"
	"errors"
	"fmt"
	"sort"
	"sync"

	"github.com/llmcol/llmcol/internal/pii"
)

// engine is what a configuration comes to: how to search and what to write. It does not change and is shared by
// every scrubber.
type engine struct {
	scanner *pii.Scanner
	// secrets finds secrets only: for data whose owner agreed, and for infrastructure.
	secrets  *pii.Scanner
	actions  *pii.Actions
	entities int // how many the scanner knows
	warnings []pii.Warning
	// keyIsRandom says that pseudonyms and hashes mean nothing outside of this process.
	keyIsRandom bool
}

// newEngine checks the settings of search and actions.
func newEngine(c *Config) (*engine, error) {
	e := &engine{keyIsRandom: c.Key == ""}
	var errs []error
	key := processKey()
	if n := len(c.Key); n >= pii.MinKeyBytes {
		key = []byte(c.Key)
	} else if n > 0 {
		errs = append(errs, fmt.Errorf("key: %d bytes, want at least %d", n, pii.MinKeyBytes))
	}
	options := c.scannerOptions()
	var err error
	if e.scanner, e.warnings, err = pii.New(options); err != nil {
		return nil, errors.Join(append(errs, err)...)
	}
	e.entities = len(pii.Entities()) + len(c.Custom)
	options.Disable = append(personalEntities(e.scanner, c.Custom), options.Disable...)
	if e.secrets, _, err = pii.New(options); err != nil {
		return nil, errors.Join(append(errs, err)...)
	}
	actionOptions, err := c.actionOptions(e.scanner, key)
	errs = append(errs, err)
	if e.actions, err = pii.NewActions(e.scanner, actionOptions); err != nil {
		errs = append(errs, err)
	}
	return e, errors.Join(errs...)
}

// processKey stands in for a key that is not configured. It is the same for all signals, so that a user is the same in
// all of them.
var processKey = sync.OnceValue(func() []byte {
	key := make([]byte, pii.MinKeyBytes)
	rand.Read(key) //nolint:errcheck // never fails, see crypto/rand
	return key
})

// personalEntities are the names of everything that consent lets pass.
func personalEntities(s *pii.Scanner, custom []CustomConfig) []string {
	var names []string
	for _, e := range pii.Entities() {
		if e.Class == pii.Personal {
			names = append(names, e.Name)
		}
	}
	for _, c := range custom {
		if !c.Secret {
			names = append(names, c.Name)
		}
	}
	return names
}

func (c *Config) actionOptions(s *pii.Scanner, key []byte) (pii.ActionOptions, error) {
	options := pii.ActionOptions{Key: key, Entities: make(map[string]pii.ActionRule, len(c.Actions))}
	var errs []error
	if c.Action != "" {
		rule, err := c.actionRule("action", ActionConfig{Action: c.Action}, s)
		errs = append(errs, err)
		options.Default = &rule
	}
	entities := make([]string, 0, len(c.Actions))
	for entity := range c.Actions {
		entities = append(entities, entity)
	}
	sort.Strings(entities)
	for _, entity := range entities {
		rule, err := c.actionRule("actions::"+entity, c.Actions[entity], s)
		errs = append(errs, err)
		options.Entities[entity] = rule
	}
	return options, errors.Join(errs...)
}

func (c *Config) actionRule(setting string, a ActionConfig, s *pii.Scanner) (pii.ActionRule, error) {
	action, err := pii.ParseAction(a.Action)
	rule := pii.ActionRule{Action: action, Text: a.Text}
	switch {
	case err != nil:
		return rule, fmt.Errorf("%s: %w", setting, err)
	case action == pii.Pseudonym && c.Key == "":
		return rule, fmt.Errorf("%s: pseudonym needs a key, set key to at least %d bytes", setting, pii.MinKeyBytes)
	case action == pii.Fixed && a.Text == "":
		return rule, fmt.Errorf("%s: fixed needs a text", setting)
	case action != pii.Fixed && a.Text != "":
		return rule, fmt.Errorf("%s: text is for the action fixed, not %s", setting, a.Action)
	case action == pii.Fixed && len(s.Scan(nil, a.Text, pii.Broad)) > 0:
		return rule, fmt.Errorf("%s: the text would itself be redacted", setting)
	}
	return rule, nil
}
