// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package pii_test

import (
	"fmt"

	"github.com/llmcol/llmcol/internal/pii"
)

func Example() {
	scanner, _, err := pii.New(pii.Options{
		Regions: []string{"GB"},
		Allow:   []string{"support@ourcompany.com"},
		Custom:  []pii.CustomPattern{{Name: "TICKET", Regex: `TCK-\d+`}},
	})
	if err != nil {
		panic(err)
	}
	actions, err := pii.NewActions(scanner, pii.ActionOptions{
		Key:      []byte("at least thirty-two bytes of a key"),
		Entities: map[string]pii.ActionRule{"CREDIT_CARD": {Action: pii.Partial}},
	})
	if err != nil {
		panic(err)
	}
	text := "TCK-17: jane.doe@example.com wrote to support@ourcompany.com, card 4111 1111 1111 1111, phone 07700 900123"
	fmt.Println(actions.Rewrite(text, scanner.Scan(nil, text, pii.Broad)))
	// Output: [TICKET]: [EMAIL] wrote to support@ourcompany.com, card ****1111, phone [PHONE]
}
