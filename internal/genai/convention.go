// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

// Convention is a way in which clients name things.
type Convention uint8

// The conventions. ConventionNeutral marks keys that many kinds of telemetry carry: they are read, but claim nothing.
const (
	ConventionNone Convention = iota
	ConventionSemConv
	ConventionUser
	ConventionSemConvOld
	ConventionVercel
	ConventionOpenInference
	ConventionOpenLLMetry
	ConventionLangSmith
	ConventionLangfuse
	ConventionPydanticAI
	ConventionADK
	ConventionStrands
	ConventionMLflow
	ConventionGenkit
	ConventionMastra
	ConventionOpenLIT
	ConventionClaudeCode
	ConventionGeminiCLI
	ConventionCodex
	ConventionLlamaIndex
	ConventionHaystack
	ConventionSpringAI
	ConventionLiteLLM
	ConventionMCP
	ConventionAnthropicSDK
	ConventionEino
	ConventionAG2
	ConventionBedrock
	ConventionAgentOps
	ConventionLaminar
	ConventionLangWatch
	ConventionBraintrust
	ConventionHoneyHive
	ConventionMistralSDK
	ConventionVoltAgent
	ConventionCopilotChat
	ConventionOpenAIPHP
	ConventionGoose
	ConventionCline
	ConventionJudgeval
	ConventionMirascope
	ConventionNetra
	ConventionNeutral
	ConventionPlain
	numConventions
)

// convention is the data of one way of naming things: which attribute holds what, and what its words for kinds of spans mean.
type convention struct {
	id    Convention
	keys  []key
	kinds map[string]Operation // by the lower-case value of the key whose field is fieldKind
	// fillsIn: its keys stand only where no other convention lists them.
	fillsIn bool
}

// key is one attribute of a convention: either a field or a piece of content. Within a convention the first key of a field wins,
// between conventions the one that stands first in conventions.
type key struct {
	key   string
	field Field
	role  Role
	flags keyFlags
}

type keyFlags uint16

const (
	quoted    keyFlags = 1 << iota // the value may be JSON text of a string
	telling                        // plain: this key alone speaks of an LLM
	neutral                        // claims nothing for its convention
	counted                        // an exclusive scope's rule holds for this key
	typed                          // the value may be a JSON object with the word as its type
	seeking                        // plain: one of the words of a search, which tell only together
	scoped                         // anybody's word: it counts in a scope of its convention only
	framed                         // the object may stand in one under the provider's name, or LangWatch's
	bracketed                      // plain: only an object is meant, others print anything under that name
)

// conventions in the order of their rank.
var conventions = []*convention{
	&semConv, &semConvOld, &vercel, &langSmith, &langfuse, &pydanticAI, &adk, &strands, &mlflow, &genkit, &mastra,
	&haystack, &openInference, &openLLMetry, &openLIT, &claudeCode, &geminiCLI, &codex, &llamaIndex, &springAI, &liteLLM, &mcp,
	&anthropicSDK, &eino, &ag2, &bedrock, &agentOps, &laminar, &langWatch, &braintrust, &honeyHive, &mistralSDK, &voltAgent, &copilotChat,
	&openAIPHP, &goose, &cline, &judgeval, &mirascope, &netra,
	&neutralKeys, &plain, &plainStyled,
}

func (c Convention) bit() uint64 { return 1 << c }
