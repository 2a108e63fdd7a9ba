// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package pricing

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"go.yaml.in/yaml/v3"
)

// maxNodeDepth is deeper than any price file nests.
const maxNodeDepth = 64

// FileError is what is wrong with a price file, and where.
type FileError struct {
	File    string
	Line    int    // 0: the whole file
	Key     string // models.openai/gpt-4o.input; empty: none in particular
	Problem string // what was found, and what would be right
}

// Error is prices.yaml:12: models.openai/gpt-4o.inptu: unknown unit; did you mean "input"?
func (e *FileError) Error() string {
	var b strings.Builder
	b.WriteString(e.File)
	if e.Line > 0 {
		fmt.Fprintf(&b, ":%d", e.Line)
	}
	b.WriteString(": ")
	if e.Key != "" {
		b.WriteString(e.Key + ": ")
	}
	b.WriteString(e.Problem)
	return b.String()
}

type nodeKind uint8

const (
	nullNode nodeKind = iota
	scalarNode
	mapNode
	listNode
)

func (k nodeKind) String() string {
	return [...]string{"nothing", "a single value", "a mapping", "a list"}[k]
}

// node is a value of a JSON or YAML file that remembers where it stood. Numbers keep their text.
type node struct {
	kind   nodeKind
	text   string
	quoted bool // the text was a string, not a number or a bool
	line   int
	fields []field
	items  []*node
}

type field struct {
	key   string
	value *node
}

// get is the value of a key, or nil.
func (n *node) get(key string) *node {
	for _, f := range n.fields {
		if f.key == key {
			return f.value
		}
	}
	return nil
}

// problem is an error at this node.
func (n *node) problem(format string, args ...any) error {
	return &FileError{Line: n.line, Problem: fmt.Sprintf(format, args...)}
}

// want is an error unless the node is of a kind.
func (n *node) want(kind nodeKind, purpose string) error {
	if n.kind == kind {
		return nil
	}
	return n.problem("is %s; %s is %s", n.kind, purpose, kind)
}

// under adds the key or index that led to where an error was found.
func under(key string, err error) error {
	var found *FileError
	if !errors.As(err, &found) {
		return err
	}
	found.Key = strings.TrimSuffix(shortened(key)+"."+found.Key, ".")
	return found
}

// in names the file and the line of what is wrong.
func in(file string, n *node, err error) error {
	var found *FileError
	if !errors.As(err, &found) {
		found = &FileError{Problem: err.Error()}
	}
	found.File = file
	if found.Line == 0 && n != nil {
		found.Line = n.line
	}
	return found
}

// parse reads JSON (a file that starts with a brace or a bracket) or YAML.
func parse(data []byte) (*node, error) {
	trimmed := bytes.TrimLeft(data, " \t\r\n\ufeff")
	if len(trimmed) == 0 {
		return nil, &FileError{Problem: "is empty; expected prices in one of the four formats"}
	}
	if trimmed[0] == '{' || trimmed[0] == '[' {
		return parseJSON(bytes.TrimPrefix(data, []byte("\ufeff")))
	}
	return parseYAML(data)
}

func parseJSON(data []byte) (*node, error) {
	p := jsonParser{data: data, decoder: json.NewDecoder(bytes.NewReader(data)), line: 1}
	p.decoder.UseNumber()
	n, err := p.value(0)
	if err == nil {
		if _, err = p.decoder.Token(); errors.Is(err, io.EOF) {
			return n, nil
		}
		err = p.problem("there is something behind the end of the value")
	}
	var found *FileError
	if errors.As(err, &found) {
		return nil, err
	}
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		p.advance(syntax.Offset)
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		p.advance(int64(len(data)))
		err = errors.New("the file ends too early")
	}
	return nil, p.problem("broken JSON: %v", err)
}

// jsonParser counts lines while it reads tokens.
type jsonParser struct {
	data    []byte
	decoder *json.Decoder
	offset  int64
	line    int
}

func (p *jsonParser) advance(to int64) {
	to = min(to, int64(len(p.data)))
	if to > p.offset {
		p.line += bytes.Count(p.data[p.offset:to], []byte("\n"))
		p.offset = to
	}
}

func (p *jsonParser) problem(format string, args ...any) error {
	return &FileError{Line: p.line, Problem: fmt.Sprintf(format, args...)}
}

func (p *jsonParser) token() (json.Token, error) {
	token, err := p.decoder.Token()
	p.advance(p.decoder.InputOffset())
	return token, err
}

func (p *jsonParser) value(depth int) (*node, error) {
	token, err := p.token()
	if err != nil {
		return nil, err
	}
	if depth > maxNodeDepth {
		return nil, p.problem("nests deeper than %d", maxNodeDepth)
	}
	n := &node{kind: scalarNode, line: p.line}
	switch v := token.(type) {
	case json.Delim:
		if v == '{' {
			return n, p.object(n, depth)
		}
		return n, p.list(n, depth)
	case string:
		n.text, n.quoted = v, true
	case json.Number:
		n.text = v.String()
	case bool:
		n.text = fmt.Sprint(v)
	default:
		n.kind = nullNode
	}
	return n, nil
}

func (p *jsonParser) object(n *node, depth int) error {
	n.kind = mapNode
	seen := make(map[string]bool)
	for p.decoder.More() {
		token, err := p.token()
		if err != nil {
			return err
		}
		key := token.(string)
		if seen[key] {
			return under(key, p.problem("stands here twice"))
		}
		seen[key] = true
		value, err := p.value(depth + 1)
		if err != nil {
			return err
		}
		n.fields = append(n.fields, field{key, value})
	}
	_, err := p.token()
	return err
}

func (p *jsonParser) list(n *node, depth int) error {
	n.kind = listNode
	for p.decoder.More() {
		item, err := p.value(depth + 1)
		if err != nil {
			return err
		}
		n.items = append(n.items, item)
	}
	_, err := p.token()
	return err
}

func parseYAML(data []byte) (*node, error) {
	var document yaml.Node
	if err := yaml.Unmarshal(data, &document); err != nil {
		return nil, &FileError{Problem: "broken YAML: " + strings.TrimPrefix(err.Error(), "yaml: ")}
	}
	if len(document.Content) == 0 {
		return nil, &FileError{Problem: "holds nothing; expected prices in one of the four formats"}
	}
	return fromYAML(document.Content[0], 0)
}

func fromYAML(y *yaml.Node, depth int) (*node, error) {
	n := &node{line: y.Line}
	if depth > maxNodeDepth {
		return nil, n.problem("nests deeper than %d", maxNodeDepth)
	}
	switch y.Kind {
	case yaml.ScalarNode:
		if y.Tag != "!!null" {
			n.kind, n.text, n.quoted = scalarNode, y.Value, y.Tag == "!!str"
		}
	case yaml.SequenceNode:
		n.kind = listNode
		for _, content := range y.Content {
			item, err := fromYAML(content, depth+1)
			if err != nil {
				return nil, err
			}
			n.items = append(n.items, item)
		}
	case yaml.MappingNode:
		return n, n.fromMapping(y, depth)
	default:
		return nil, n.problem("uses a YAML anchor or alias; write the value out")
	}
	return n, nil
}

func (n *node) fromMapping(y *yaml.Node, depth int) error {
	n.kind = mapNode
	seen := make(map[string]bool)
	for i := 0; i+1 < len(y.Content); i += 2 {
		key := y.Content[i].Value
		if seen[key] {
			return under(key, &FileError{Line: y.Content[i].Line, Problem: "stands here twice"})
		}
		seen[key] = true
		value, err := fromYAML(y.Content[i+1], depth+1)
		if err != nil {
			return under(key, err)
		}
		if value.kind != scalarNode {
			value.line = y.Content[i].Line
		}
		n.fields = append(n.fields, field{key, value})
	}
	return nil
}
