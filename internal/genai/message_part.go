// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

import "strings"

// partShape is how a part of a type is read.
type partShape struct {
	kind partKind
	role string // of such a part that stands alone; empty: the direction's
}

type partKind uint8

const (
	kindText partKind = iota
	kindReasoning
	kindCall
	kindResult
	kindMedia
)

var (
	textShape      = partShape{kindText, ""}
	reasoningShape = partShape{kindReasoning, roleAssistant}
	callShape      = partShape{kindCall, roleAssistant}
	resultShape    = partShape{kindResult, roleTool}
	mediaShape     = partShape{kindMedia, ""}
)

// readPart reads a part. It reports false if the part says nothing that its kind can say.
func (d *decoder) readPart(kind partKind, o *object) (Part, bool) {
	switch kind {
	case kindText:
		return d.textPart(o)
	case kindReasoning:
		return d.reasoningPart(o)
	case kindCall:
		return d.callPart(o)
	case kindResult:
		return d.resultPart(o)
	default:
		return d.mediaPart(o)
	}
}

// partTypes are the words for the type of a part, folded: semconv, OpenAI chat and Responses, Anthropic, Vercel, LangChain, Pydantic AI,
// Genkit. Parts of other types are kept as they are.
var partTypes = map[string]partShape{
	"text": textShape, "inputtext": textShape, "outputtext": textShape, "summarytext": textShape, "refusal": textShape,
	"systemprompt": {kindText, roleSystem}, "userprompt": {kindText, roleUser},

	"reasoning": reasoningShape, "thinking": reasoningShape, "redactedthinking": reasoningShape, "reasoningcontent": reasoningShape,

	"toolcall": callShape, "tooluse": callShape, "functioncall": callShape, "function": callShape, "customtoolcall": callShape,
	"toolrequest": callShape,

	"toolcallresponse": resultShape, "toolresult": resultShape, "toolerror": resultShape, "functioncalloutput": resultShape,
	"customtoolcalloutput": resultShape, "functionresponse": resultShape, "toolresponse": resultShape, "toolreturn": resultShape,
	"retryprompt": resultShape,

	"imageurl": mediaShape, "inputimage": mediaShape, "image": mediaShape, "audio": mediaShape, "inputaudio": mediaShape,
	"video": mediaShape, "videourl": mediaShape, "file": mediaShape, "inputfile": mediaShape, "document": mediaShape,
	"media": mediaShape, "blob": mediaShape, "uri": mediaShape,
}

// partMembers are the members by which a part without a type is known, first come first served: Gemini, Bedrock, Genkit, Haystack.
var partMembers = []struct {
	m     member
	shape partShape
}{
	{memberCall, callShape},
	{memberResult, resultShape},
	{memberFunction, callShape},
	{memberText, textShape},
	{memberReasoning, reasoningShape},
	{memberRefusal, textShape},
	{memberInlineData, mediaShape},
	{memberFileData, mediaShape},
	{memberImage, mediaShape},
	{memberMedia, mediaShape},
	{memberAudio, mediaShape},
	{memberVideo, mediaShape},
	{memberDocument, mediaShape},
}

// isTypedPart tells whether the object's own type says that it is a part.
func (d *decoder) isTypedPart(o *object) bool {
	if !isString(o.value[memberType]) {
		return false
	}
	_, ok := lookup(partTypes, o.peek(memberType))
	return ok
}

// shapeOf is how to read a part.
func (d *decoder) shapeOf(o *object) (partShape, bool) {
	if isString(o.value[memberType]) {
		if s, ok := lookup(partTypes, o.peek(memberType)); ok {
			return s, true
		}
		if !o.has(memberText) {
			return partShape{}, false
		}
	}
	for i := range partMembers {
		if o.has(partMembers[i].m) {
			return partMembers[i].shape, true
		}
	}
	switch {
	case o.hasAny(argumentMembers) && (o.has(memberName) && (d.calls || d.plainCall(o)) || o.has(memberCallID)):
		return callShape, true
	case o.has(memberCallID) && o.hasAny(resultMembers):
		return resultShape, true
	}
	return partShape{}, false
}

const (
	argumentMembers = memberSet(1<<memberArguments | 1<<memberArgs | 1<<memberInput)
	resultMembers   = memberSet(1<<memberContent | 1<<memberOutput | 1<<memberResponse)
)

// plainCall tells a call that says no more than its name, its arguments and perhaps its id.
func (d *decoder) plainCall(o *object) bool {
	return o.only(argumentMembers|memberName.bit()) && o.hasAny(memberArguments.bit()|memberArgs.bit())
}

// alone reads a part that stands outside of any message. One without a type must say nothing else: it may be anything.
func (d *decoder) alone(o *object) bool {
	shape, ok := d.shapeOf(o)
	typed := d.isTypedPart(o)
	if !ok || d.strict && !typed && !d.plainCall(o) {
		return false
	}
	p, ok := d.readPart(shape.kind, o)
	if !ok {
		return typed && isEmptyPart(o)
	}
	if !typed && o.lossy() {
		return false
	}
	role := d.role
	if shape.role != "" && d.role != roleSystem {
		role = shape.role
	}
	d.lossy = d.lossy || o.lossy()
	d.part(role, p)
	return true
}

// content appends what a message says. An object of no known shape is an answer that is JSON itself.
func (d *decoder) content(dst []Part, raw string) []Part {
	if isObject(raw) {
		o := readObject(raw)
		if _, known := d.shapeOf(&o); !known && !isString(o.value[memberType]) && !isArray(o.value[memberParts]) {
			return append(dst, Part{Type: PartText, Text: raw})
		}
	}
	return d.parts(dst, raw)
}

// parts appends the parts that a message's content holds: a string, an array of parts, or one part.
func (d *decoder) parts(dst []Part, raw string) []Part {
	switch {
	case raw == "" || raw == "null":
		return dst
	case isString(raw):
		return d.textParts(dst, unquote(raw))
	case isArray(raw):
		if d.depth >= maxDecodeDepth {
			return append(dst, Part{Type: PartText, Text: raw})
		}
		d.depth++
		for value := range elements(raw) {
			if !d.spend() {
				d.lossy = true
				break
			}
			dst = d.parts(dst, value)
		}
		d.depth--
		return dst
	case isObject(raw):
		return d.partOf(dst, raw)
	default:
		return append(dst, Part{Type: PartText, Text: raw})
	}
}

// textParts appends a text, or the parts it is the JSON of where clients encode content so.
func (d *decoder) textParts(dst []Part, s string) []Part {
	if s == "" {
		return dst
	}
	if d.encoded {
		if raw, ok := jsonText(s); ok && d.depth < maxDecodeDepth {
			d.depth++
			parts, ok := d.encodedParts(dst, raw)
			d.depth--
			if ok {
				return parts
			}
		}
	}
	return append(dst, Part{Type: PartText, Text: s})
}

// encodedParts appends the parts in raw if it holds nothing but parts of known types.
func (d *decoder) encodedParts(dst []Part, raw string) ([]Part, bool) {
	switch {
	case isString(raw):
		return d.textParts(dst, unquote(raw)), true
	case isObject(raw):
		o := readObject(raw)
		if _, ok := d.shapeOf(&o); !ok {
			return dst, false
		}
		return d.partOf(dst, raw), true
	}
	any := false
	for value := range elements(raw) {
		if !d.isPart(value) {
			return dst, false
		}
		any = true
	}
	if !any {
		return dst, false
	}
	return d.parts(dst, raw), true
}

// isPart tells JSON that can be nothing but a part.
func (d *decoder) isPart(raw string) bool {
	if !isObject(raw) {
		return false
	}
	o := readObject(raw)
	_, known := d.shapeOf(&o)
	return known || isString(o.value[memberType])
}

// partOf appends the part that the object raw is; Gemini's content is an object of parts.
func (d *decoder) partOf(dst []Part, raw string) []Part {
	o := readObject(raw)
	if isArray(o.value[memberParts]) {
		dst = d.parts(dst, o.take(memberParts))
		o.take(memberRole)
		d.lossy = d.lossy || o.lossy()
		return dst
	}
	if shape, ok := d.shapeOf(&o); ok {
		if p, ok := d.readPart(shape.kind, &o); ok {
			d.lossy = d.lossy || o.lossy()
			return append(dst, p)
		}
		if isEmptyPart(&o) {
			return dst
		}
	}
	return append(dst, Part{Type: PartGeneric, Raw: genericRaw(raw)})
}

// isEmptyPart tells a part that says nothing: an empty text, a reasoning without one.
func isEmptyPart(o *object) bool { return o.only(0) }

func (d *decoder) textPart(o *object) (Part, bool) {
	raw := o.takeFirst(memberText, memberContent, memberRefusal)
	if o.value[memberThought] == "true" {
		o.take(memberThought)
		return Part{Type: PartReasoning, Text: plainText(raw)}, raw != ""
	}
	if isObject(raw) || isArray(raw) {
		text := plainText(raw)
		return Part{Type: PartText, Text: text}, text != ""
	}
	return Part{Type: PartText, Text: unquote(raw)}, len(raw) > 0 && raw != `""`
}

func (d *decoder) reasoningPart(o *object) (Part, bool) {
	for _, m := range [...]member{memberReasoning, memberText, memberContent, memberSummary, memberData} {
		if text := plainText(o.value[m]); text != "" {
			o.take(m)
			return Part{Type: PartReasoning, Text: text}, true
		}
	}
	return Part{}, false
}

// plainText is the text in a string, in a part, or in an array of those, one a line; empty if there is none.
func plainText(raw string) string { return textWithin(raw, 4) }

func textWithin(raw string, depth int) string {
	switch {
	case isString(raw):
		return unquote(raw)
	case depth == 0:
		return ""
	case isArray(raw):
		var b strings.Builder
		for value := range elements(raw) {
			if s := textWithin(value, depth-1); s != "" {
				if b.Len() > 0 {
					b.WriteByte('\n')
				}
				b.WriteString(s)
			}
		}
		return b.String()
	case isObject(raw):
		o := readObject(raw)
		for _, m := range [...]member{memberText, memberReasoning, memberContent, memberParts, memberSummary} {
			if s := textWithin(o.value[m], depth-1); s != "" {
				return s
			}
		}
	}
	return ""
}
