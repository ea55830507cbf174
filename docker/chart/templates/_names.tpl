{{- define "retouch.labels" -}}
app.kubernetes.io/name: retouch
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{- define "retouch.name" -}}
{{ printf "%s-%s" .root.Release.Name .component | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- define "retouch.metadata" -}}
name: {{ include "retouch.name" . }}
labels:
  {{- include "retouch.labels" . | nindent 2 }}
  app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
  app.kubernetes.io/managed-by: {{ .root.Release.Service }}
{{- end }}

{{- define "retouch.locked" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: {drop: [ALL]}
{{- end }}

{{- define "retouch.nobody" -}}
runAsNonRoot: true
runAsUser: {{ . }}
runAsGroup: {{ . }}
fsGroup: {{ . }}
seccompProfile: {type: RuntimeDefault}
{{- end }}

{{- define "retouch.spread" -}}
- maxSkew: 1
  topologyKey: kubernetes.io/hostname
  whenUnsatisfiable: ScheduleAnyway
  labelSelector:
    matchLabels:
      {{- include "retouch.labels" . | nindent 6 }}
{{- end }}

{{- define "retouch.checkedGrace" -}}
{{- $part := index .root.Values .component -}}
{{- $needed := add $part.drainSeconds $part.preStopSeconds -}}
{{- if le (int $part.terminationGracePeriodSeconds) (int $needed) -}}
{{- fail (printf "%s.terminationGracePeriodSeconds must be longer than drainSeconds + preStopSeconds (%d)" .component $needed) -}}
{{- end -}}
{{ $part.terminationGracePeriodSeconds }}
{{- end }}
