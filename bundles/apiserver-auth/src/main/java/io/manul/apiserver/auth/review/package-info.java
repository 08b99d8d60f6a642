/** Access and token reviews. */
package io.manul.apiserver.auth.review;
