{{- define "family.name" -}}{{ default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}{{- end -}}
{{/* shared */}}
{{- define "shared" -}}family wins{{- end -}}
