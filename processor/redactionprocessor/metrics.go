// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package redactionprocessor

import (
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"
)

func (s *scrubber) metrics(md pmetric.Metrics) {
	for _, rm := range md.ResourceMetrics().All() {
		restore := s.consentOf(rm.Resource().Attributes())
		s.attributes(rm.Resource().Attributes())
		s.schema(rm.SchemaUrl(), rm.SetSchemaUrl)
		for _, sm := range rm.ScopeMetrics().All() {
			s.scope(sm.Scope())
			s.schema(sm.SchemaUrl(), sm.SetSchemaUrl)
			for _, metric := range sm.Metrics().All() {
				s.metric(metric)
			}
		}
		restore()
	}
}

func (s *scrubber) metric(metric pmetric.Metric) {
	s.field("name", metric.Name(), metric.SetName)
	s.field("description", metric.Description(), metric.SetDescription)
	s.field("unit", metric.Unit(), metric.SetUnit)
	s.attributes(metric.Metadata())
	switch metric.Type() {
	case pmetric.MetricTypeGauge:
		for _, p := range metric.Gauge().DataPoints().All() {
			s.point(p.Attributes(), p.Exemplars())
		}
	case pmetric.MetricTypeSum:
		for _, p := range metric.Sum().DataPoints().All() {
			s.point(p.Attributes(), p.Exemplars())
		}
	case pmetric.MetricTypeHistogram:
		for _, p := range metric.Histogram().DataPoints().All() {
			s.point(p.Attributes(), p.Exemplars())
		}
	case pmetric.MetricTypeExponentialHistogram:
		for _, p := range metric.ExponentialHistogram().DataPoints().All() {
			s.point(p.Attributes(), p.Exemplars())
		}
	case pmetric.MetricTypeSummary:
		for _, p := range metric.Summary().DataPoints().All() {
			s.summary(p.Attributes())
		}
	}
}

func (s *scrubber) point(attributes pcommon.Map, exemplars pmetric.ExemplarSlice) {
	defer s.consentOf(attributes)()
	s.attributes(attributes)
	for _, e := range exemplars.All() {
		s.attributes(e.FilteredAttributes())
	}
}

// summary looks at the attributes of a data point that has no exemplars.
func (s *scrubber) summary(attributes pcommon.Map) {
	defer s.consentOf(attributes)()
	s.attributes(attributes)
}
