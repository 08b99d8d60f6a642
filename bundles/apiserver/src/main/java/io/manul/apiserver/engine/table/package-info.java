/** Alternate representations: tables for people, metadata only for machines. */
package io.manul.apiserver.engine.table;
