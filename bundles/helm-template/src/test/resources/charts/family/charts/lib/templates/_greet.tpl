{{- define "lib.greet" -}}hello {{ .who }} of {{ .root.Chart.Name }}{{- end -}}
