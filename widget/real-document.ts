/**
 * A property or method of the real document: a page's `<form name=querySelector>` shadows the document's own
 * (HTML 3.1.7, named properties), but not those of its prototype.
 */
export function real<Key extends keyof Document>(name: Key): Document[Key] {
  const value = Reflect.get(Document.prototype, name, document);
  return typeof value === "function" ? value.bind(document) : value;
}
