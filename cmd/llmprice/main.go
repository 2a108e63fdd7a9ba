// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

// Command llmprice says what one call of a model costs, and by which entry of which table: the way to check a bill, or to see why a
// model is unknown.
//
//	llmprice --provider openai --model gpt-4o --input 1200 --output 300
//	llmprice --list gpt-4o
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
)

// Exit codes.
const (
	exitPriced   = 0
	exitUnpriced = 1 // the table has no price for the call
	exitUsage    = 2 // the command line or a price file is wrong
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

func run(args []string, stdout, stderr io.Writer) int {
	o, err := parse(args, stderr)
	if errors.Is(err, flag.ErrHelp) {
		return exitPriced
	}
	if err == nil {
		var code int
		if code, err = o.answer(stdout, stderr); err == nil {
			return code
		}
	}
	fmt.Fprintln(stderr, "llmprice:", err)
	return exitUsage
}
