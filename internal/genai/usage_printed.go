// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

import (
	"strings"

	"github.com/tidwall/gjson"
)

// longestPrinted bounds what is taken for a printed object of counts, bytes, and deepestPrinted what stands within what.
const (
	longestPrinted = 4096
	deepestPrinted = 8
)

// printedCounts is JSON of the counts in an object that an app has put into text the way its language prints one:
//
//	Python  {'prompt_tokens': 9, 'completion_tokens': None} or CompletionUsage(prompt_tokens=9)
//	Rust    Some(CompletionUsage { prompt_tokens: 9, prompt_tokens_details: Some(Details { cached_tokens: Some(4) }) })
//	C#      UsageDetails { InputTokenCount = 9 } and {"InputTokenCount":9}
//	Java    DefaultUsage{promptTokens=9}, Usage[promptTokens=9], Optional[9]; Kotlin Usage(promptTokens=9)
//	Go      {PromptTokens:9 CompletionTokens:2}
//	Ruby    {"prompt_tokens"=>9}, {prompt_tokens: 9}; Elixir %{prompt_tokens: 9}
//
// Pascal case becomes camel case. What is no count is left out.
func printedCounts(text string) gjson.Result {
	if len(text) > longestPrinted {
		return gjson.Result{}
	}
	p := countsPrinter{text: text}
	for p.at < len(text) && p.depth <= deepestPrinted {
		p.step()
	}
	if p.json == nil || p.depth != 0 {
		return gjson.Result{}
	}
	return gjson.ParseBytes(append(p.json, '}'))
}

// countsPrinter goes once through the text. A name waits from its separator to its value.
type countsPrinter struct {
	text    string
	at      int
	json    []byte
	word    string // the last that was read
	waiting string // the name whose value is to come
	depth   int
	named   [deepestPrinted + 1]bool // whether the object at that depth has a name, and so is one in the JSON, too
}

func (p *countsPrinter) step() {
	switch c := p.text[p.at]; {
	case c == '"', c == '\'':
		p.readQuoted(c)
	case isDigit(c):
		p.readNumber()
	case isLetter(c), c == '_':
		p.readWord()
	default:
		p.at++
		p.punctuate(c)
	}
}

func (p *countsPrinter) readQuoted(quote byte) {
	rest := p.text[p.at+1:]
	end := strings.IndexByte(rest, quote)
	if end < 0 {
		end = len(rest) - 1
	}
	p.word = rest[:max(end, 0)]
	p.at += end + 2
}

func (p *countsPrinter) readWord() {
	start := p.at
	for p.at < len(p.text) && (isLetter(p.text[p.at]) || p.text[p.at] == '_') {
		p.at++
	}
	p.word = p.text[start:p.at]
}

func (p *countsPrinter) readNumber() {
	start := p.at
	for p.at < len(p.text) && (isDigit(p.text[p.at]) || p.text[p.at] == '.') {
		p.at++
	}
	if number := p.text[start:p.at]; p.waiting != "" && gjson.Valid(number) {
		p.begin()
		p.json = append(p.json, number...)
	}
	p.waiting = ""
}

func (p *countsPrinter) punctuate(c byte) {
	switch c {
	case ':', '=':
		if p.word != "" {
			p.waiting, p.word = p.word, ""
		}
	case ',', ';', '-': // a negative number is no count
		p.waiting, p.word = "", ""
	case '{', '(', '[':
		p.open()
	case '}', ')', ']':
		p.close()
	}
}

// open: behind a name stands an object of its own, but for what a language wraps around a value that may be missing.
func (p *countsPrinter) open() {
	p.depth++
	if p.depth > deepestPrinted {
		return
	}
	wraps := p.word == "Some" || p.word == "Optional"
	p.named[p.depth] = p.waiting != "" && !wraps
	if p.named[p.depth] {
		p.begin()
		p.json = append(p.json, '{')
		p.waiting = ""
	}
	p.word = ""
}

func (p *countsPrinter) close() {
	if p.depth > 0 {
		if p.named[p.depth] {
			p.json = append(p.json, '}')
		}
		p.depth--
	}
	p.waiting, p.word = "", ""
}

// begin writes the name that waits, in camel case where it is in Pascal case.
func (p *countsPrinter) begin() {
	switch {
	case p.json == nil:
		p.json = append(p.json, '{')
	case p.json[len(p.json)-1] != '{':
		p.json = append(p.json, ',')
	}
	name := gjson.AppendJSONString(nil, p.waiting)
	if c := name[1]; 'A' <= c && c <= 'Z' {
		name[1] += 'a' - 'A'
	}
	p.json = append(append(p.json, name...), ':')
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
