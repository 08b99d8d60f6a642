/** LimitRange (core/v1). */
package io.manul.apiserver.kinds.limits;
