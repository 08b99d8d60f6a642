/** JSON Schema (json-schema.org, drafts 4 to 2020-12) as values.schema.json needs it. */
package io.manul.helm.template.schema;
