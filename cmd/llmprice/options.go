// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/llmcol/llmcol/internal/pricing"
)

// options are what the command line asks.
type options struct {
	call   pricing.Call
	usage  pricing.Usage
	prices []string
	json   bool
	list   bool
	word   string // what the listed models have in their names
}

// counts are the flags of usage that have a name of their own; --count has all other units.
var counts = []struct {
	flag string
	unit pricing.Unit
	help string
}{
	{"input", pricing.InputTokens, "input `tokens`, those from the cache included"},
	{"output", pricing.OutputTokens, "output `tokens`, reasoning included"},
	{"cache-read", pricing.CacheReadTokens, "input `tokens` read from the cache"},
	{"cache-write", pricing.CacheWriteTokens, "input `tokens` written to the cache"},
	{"cache-write-5m", pricing.CacheWrite5mTokens, "those of --cache-write that live five minutes, in `tokens`"},
	{"cache-write-1h", pricing.CacheWrite1hTokens, "those of --cache-write that live an hour, in `tokens`"},
	{"reasoning", pricing.ReasoningTokens, "output `tokens` spent on reasoning"},
	{"input-audio", pricing.InputAudioTokens, "input `tokens` of audio"},
	{"output-audio", pricing.OutputAudioTokens, "output `tokens` of audio"},
	{"web-searches", pricing.WebSearches, "`number` of web searches"},
}

func parse(args []string, stderr io.Writer) (*options, error) {
	o := &options{}
	o.call.Usage, o.call.At = &o.usage, time.Now()
	flags := flag.NewFlagSet("llmprice", flag.ContinueOnError)
	flags.SetOutput(io.Discard) // errors are for the caller to print
	flags.Usage = func() {}
	help := func() {
		flags.SetOutput(stderr)
		fmt.Fprint(stderr, "What a call of a model costs:\n"+
			"  llmprice --provider openai --model gpt-4o --input 1200 --output 300 [--at 2026-09-23T12:00:00Z] [--prices file]...\n"+
			"What the table holds:\n  llmprice --list [word]\n\n")
		flags.PrintDefaults()
		fmt.Fprint(stderr, "\nThe exit code is 0 if the call has a price, 1 if it has none, 2 if the command line or a price file is wrong.\n")
	}
	flags.StringVar(&o.call.Provider, "provider", "", "who is called, in any spelling; may be left out")
	flags.StringVar(&o.call.RequestModel, "model", "", "the model, in any spelling")
	flags.StringVar(&o.call.Server, "server", "", "`host` of the API, where the provider is not known")
	flags.StringVar(&o.call.ServiceTier, "tier", "", "the service tier that was served: flex, priority, batch")
	for _, c := range counts {
		flags.Func(c.flag, c.help, func(text string) error { return o.count(c.unit, text) })
	}
	flags.Func("count", "any other count, as `unit=n`: input_audio_seconds=12, rerank_searches=1; may be repeated", o.otherCount)
	flags.Func("at", "`time` of the call: 2026-09-23 or 2026-09-23T12:00:00Z; prices change (default now)", o.setTime)
	flags.Func("prices", "price `file` to lay above the compiled-in table; may be repeated, the first one is uppermost", func(file string) error {
		o.prices = append(o.prices, file)
		return nil
	})
	flags.BoolVar(&o.json, "json", false, "print JSON")
	flags.BoolVar(&o.list, "list", false, "list the models whose names contain a word, or all")
	err := flags.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		help()
	}
	if err != nil {
		return nil, err
	}
	if o.list && flags.NArg() > 0 { // the word may stand between the flags
		o.word = flags.Arg(0)
		if err := flags.Parse(flags.Args()[1:]); err != nil {
			return nil, err
		}
	}
	return o, o.check(flags.Args())
}

func (o *options) check(rest []string) error {
	switch {
	case len(rest) > 0:
		return fmt.Errorf("unexpected argument %q", rest[0])
	case !o.list && o.call.RequestModel == "":
		return fmt.Errorf("--model is missing; see llmprice --help")
	case !o.list && !o.usage.Reported():
		return fmt.Errorf("no usage is given: --input, --output, …; see llmprice --help")
	}
	return nil
}

func (o *options) count(unit pricing.Unit, text string) error {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 {
		return fmt.Errorf("%q is no count", text)
	}
	o.usage.Set(unit, n)
	return nil
}

// otherCount takes unit=n. Durations are given in seconds and counted in milliseconds.
func (o *options) otherCount(text string) error {
	name, number, _ := strings.Cut(text, "=")
	unit, known := pricing.UnitNamed(name)
	if !known {
		return fmt.Errorf("%q is no unit; units are named like input_tokens, web_searches, input_audio_seconds", name)
	}
	if strings.HasSuffix(name, "_seconds") {
		seconds, err := strconv.ParseFloat(number, 64)
		if err != nil || !(seconds >= 0 && seconds < 1e9) {
			return fmt.Errorf("%q is no number of seconds", number)
		}
		o.usage.Set(unit, int64(math.Round(seconds*1000)))
		return nil
	}
	return o.count(unit, number)
}

func (o *options) setTime(text string) (err error) {
	for _, layout := range []string{time.RFC3339, time.DateOnly, "2006-01-02T15:04:05", "2006-01-02T15:04Z07:00", "2006-01-02T15:04"} {
		if o.call.At, err = time.Parse(layout, text); err == nil {
			return nil
		}
	}
	return fmt.Errorf("%q is no time like 2026-09-23T12:00:00Z", text)
}
