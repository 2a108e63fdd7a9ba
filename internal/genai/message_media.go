// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

import "strings"

// media is what a part says about something that is no text.
type media struct {
	url, data, fileID, mime, format, modality string
}

// mediaPart reads images, sound, video and files: inline as base64 or a data URL (blob), by address (uri), by a provider's id (file).
func (d *decoder) mediaPart(o *object) (Part, bool) {
	var m media
	m.modality = modalityOfWord(o.peek(memberType))
	m.collect(d, o, 3)
	if m.url == "" && m.data == "" && m.fileID == "" {
		return Part{}, false
	}
	if mime, data, ok := dataURL(m.data); ok {
		m.data = data
		m.mime = either(m.mime, mime)
	}
	if mime, data, ok := dataURL(m.url); ok {
		m.url, m.data = "", data
		m.mime = either(m.mime, mime)
	}
	m.modality = either(m.modality, modalityOfMIME(m.mime))
	if m.mime == "" && m.format != "" && (m.modality == "image" || m.modality == "audio" || m.modality == "video") {
		m.mime = m.modality + "/" + m.format
	}
	p := Part{Modality: m.modality, MIMEType: m.mime}
	switch {
	case m.data != "":
		p.Type, p.Text = PartBlob, m.data
	case m.url != "":
		p.Type, p.Text = PartURI, m.url
	default:
		p.Type, p.Text = PartFile, m.fileID
	}
	return p, true
}

// collect gathers what o and the objects in it say.
func (m *media) collect(d *decoder, o *object, depth int) {
	set := func(dst *string, of member) {
		if *dst == "" && isString(o.value[of]) {
			*dst = o.takeString(of)
		}
	}
	set(&m.mime, memberMIME)
	set(&m.modality, memberModality)
	set(&m.format, memberFormat)
	set(&m.fileID, memberFileID)
	set(&m.url, memberURL)
	set(&m.data, memberData)
	set(&m.data, memberFileData)
	set(&m.data, memberContent)
	set(&m.data, memberInlineData)
	for _, of := range mediaMembers {
		raw := o.value[of]
		switch {
		case isObject(raw) && depth > 0:
			m.modality = either(m.modality, mediaModality[of])
			m.collectWithin(d, o.take(of), depth-1)
		case isString(raw):
			m.modality = either(m.modality, mediaModality[of])
			s := o.takeString(of)
			if strings.Contains(s, ":") {
				m.url = either(m.url, s)
			} else {
				m.data = either(m.data, s)
			}
		}
	}
}

func (m *media) collectWithin(d *decoder, raw string, depth int) {
	inner := readObject(raw)
	m.collect(d, &inner, depth)
	d.lossy = d.lossy || inner.lossy()
}

var mediaMembers = [...]member{
	memberInlineData, memberFileData, memberFile, memberImage, memberAudio, memberVideo, memberDocument, memberMedia, memberSource, memberURL,
	memberData,
}

var mediaModality = [numMembers]string{memberImage: "image", memberAudio: "audio", memberVideo: "video", memberDocument: "document"}

func modalityOfWord(word string) string {
	for _, modality := range [...]string{"image", "audio", "video", "document"} {
		if strings.Contains(word, modality) {
			return modality
		}
	}
	return ""
}

func modalityOfMIME(mime string) string {
	kind, _, ok := strings.Cut(mime, "/")
	switch {
	case !ok:
		return ""
	case kind == "image", kind == "audio", kind == "video":
		return kind
	default:
		return "document"
	}
}

// dataURL takes `data:image/png;base64,…` apart.
func dataURL(s string) (mime, data string, ok bool) {
	rest, ok := strings.CutPrefix(s, "data:")
	if !ok {
		return "", "", false
	}
	mime, data, ok = strings.Cut(rest, ",")
	if !ok {
		return "", "", false
	}
	mime, isBase64 := strings.CutSuffix(mime, ";base64")
	return mime, data, isBase64
}

func either(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
