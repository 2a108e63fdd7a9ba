// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

import (
	"strconv"
	"strings"

	"github.com/tidwall/gjson"
	"go.opentelemetry.io/collector/pdata/pcommon"
)

// Document is one retrieved document.
type Document struct {
	ID       string
	Content  string
	Score    float64
	HasScore bool
}

// RetrievalQuery is what was searched for.
func (v *View) RetrievalQuery() string {
	if c := v.content(RoleQuery); c != nil {
		return unquoted(c.Value, c.Convention != ConventionSemConv).Text
	}
	if !isRetrieval(v.operation) {
		return ""
	}
	c := v.content(RoleRawInput)
	if c == nil {
		return v.eventText("str_or_query_bundle.query_str", "str_or_query_bundle")
	}
	if obj := parseObject(c.Value); obj.IsObject() {
		return firstMember(obj, "query", "input", "query_str", "query_bundle.query_str", "question", "value", "args.0", "kwargs.query").String()
	}
	return unquoted(c.Value, true).Text
}

// DataSourceID and RetrievalTopK describe where was searched and how many documents were asked for.
func (v *View) DataSourceID() string { return v.text(fieldDataSource) }

// RetrievalTopK is the number of documents asked for.
func (v *View) RetrievalTopK() (int64, bool) { return v.count(fieldRetrievalTopK) }

// Documents appends what a retrieval or reranking found, in the client's order.
func (v *View) Documents(dst []Document) []Document {
	from := len(dst)
	for i := range v.contents {
		c := &v.contents[i]
		if c.Role == RoleDocuments && len(dst) == from {
			dst = v.documentsOf(dst, c)
		}
	}
	if len(dst) == from && v.operation == OpRetrieval {
		dst = v.documentsFromEvents(dst)
	}
	if len(dst) == from && v.operation == OpRetrieval {
		if c := v.content(RoleRawOutput); c != nil {
			dst = appendDocuments(dst, documentArray(parseObject(c.Value)))
		}
	}
	return v.addScores(dst, from)
}

func (v *View) documentsOf(dst []Document, c *Content) []Document {
	if c.Layout == LayoutFlattened {
		return v.flattenedDocuments(dst, c.Key)
	}
	obj := parseObject(c.Value)
	if !obj.Exists() {
		return append(dst, Document{Content: valueText(c.Value).Text})
	}
	return appendDocuments(dst, documentArray(obj))
}

// documentArray finds the list in what a retriever gave back.
func documentArray(obj gjson.Result) gjson.Result {
	if obj.IsArray() {
		return obj
	}
	return firstMember(obj, "documents", "outputs", "output", "results", "result", "nodes", "matches", "value")
}

func appendDocuments(dst []Document, list gjson.Result) []Document {
	list.ForEach(func(_, e gjson.Result) bool {
		if inner := unwrapString(e.String()); e.Type == gjson.String && inner.IsObject() {
			e = inner
		}
		dst = append(dst, documentOf(e))
		return true
	})
	return dst
}

func documentOf(e gjson.Result) Document {
	if !e.IsObject() {
		return Document{Content: unquotedJSON(e.String())}
	}
	d := Document{
		ID: firstMember(e, "id", "document_id", "document.id", `document\.id`, "metadata.id", "node.id_", "metadata.source").String(),
		Content: contentText(firstMember(e, "content", "text", "page_content", "pageContent", "document.content", `document\.content`, "document",
			"node.text", "kwargs.page_content")),
	}
	if s := firstMember(e, "score", "similarity", "relevance_score", "metadata.score", "relevanceScore", "document.score", `document\.score`); s.Type == gjson.Number {
		d.Score, d.HasScore = s.Num, true
	}
	return d
}

// unquotedJSON is what a text says that is one JSON string, as the AI SDK writes each document.
func unquotedJSON(text string) string {
	if strings.HasPrefix(text, `"`) && validJSON(text) {
		return gjson.Parse(text).String()
	}
	return text
}

// contentText is a document's text, or the texts of its parts.
func contentText(content gjson.Result) string {
	if !content.IsArray() {
		return content.String()
	}
	var texts []string
	for _, part := range content.Array() {
		if text := part.Get("text"); text.Type == gjson.String {
			texts = append(texts, text.Str)
		}
	}
	return strings.Join(texts, "\n")
}

// flattenedDocuments reads prefix.N.document.{id,content,score}.
func (v *View) flattenedDocuments(dst []Document, prefix string) []Document {
	from := len(dst)
	for k, val := range v.attributes.All() {
		rest, found := strings.CutPrefix(k, prefix)
		if !found {
			continue
		}
		index, member, _ := strings.Cut(rest, ".")
		n, err := strconv.Atoi(index)
		if err != nil || n < 0 || n >= maxDocuments {
			continue
		}
		for len(dst)-from <= n {
			dst = append(dst, Document{})
		}
		setMember(&dst[from+n], strings.TrimPrefix(member, "document."), val)
	}
	return dst
}

// maxDocuments bounds what an index in a key can make us allocate.
const maxDocuments = 1000

func setMember(d *Document, member string, val pcommon.Value) {
	switch member {
	case "id":
		d.ID = val.AsString()
	case "content":
		d.Content = val.AsString()
	case "score":
		d.Score, d.HasScore = number(val)
	case "metadata":
		d.Content = either(d.Content, documentOf(parseObject(val)).Content)
	}
}

// documentsFromEvents reads OpenLLMetry's db.query.result events, and LlamaIndex's list in one.
func (v *View) documentsFromEvents(dst []Document) []Document {
	if !v.isSpan {
		return dst
	}
	for _, e := range v.span.Events().All() {
		if nodes, found := e.Attributes().Get("nodes"); found && e.Name() == "RetrievalEndEvent" {
			return appendDocuments(dst, parseObject(nodes))
		}
		if e.Name() != "db.query.result" {
			continue
		}
		var d Document
		for k, val := range e.Attributes().All() {
			setMember(&d, strings.Replace(strings.TrimPrefix(k, "db.query.result."), "document", "content", 1), val)
		}
		dst = append(dst, d)
	}
	return dst
}

// addScores joins scores that a client reports beside the documents, or without any.
func (v *View) addScores(dst []Document, from int) []Document {
	c := v.content(RoleScores)
	if c == nil {
		return dst
	}
	i := from
	eachNumber(c.Value, func(score float64) {
		if i == len(dst) {
			dst = append(dst, Document{})
		}
		dst[i].Score, dst[i].HasScore = score, true
		i++
	})
	return dst
}

func eachNumber(val pcommon.Value, yield func(float64)) {
	switch val.Type() {
	case pcommon.ValueTypeSlice:
		for _, e := range val.Slice().All() {
			if n, ok := number(e); ok {
				yield(n)
			}
		}
	case pcommon.ValueTypeStr:
		if list := unwrapString(val.Str()); list.IsArray() {
			list.ForEach(func(_, e gjson.Result) bool {
				if e.Type == gjson.Number {
					yield(e.Num)
				}
				return true
			})
			return
		}
		for s := range strings.SplitSeq(strings.Trim(val.Str(), "[]() "), ",") {
			if n, err := strconv.ParseFloat(strings.TrimSpace(s), 64); err == nil {
				yield(n)
			}
		}
	default:
		if n, ok := number(val); ok {
			yield(n)
		}
	}
}
