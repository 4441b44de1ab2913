/// Same type and same value; a missing field equals `nil`.
public func == <Fields, Value: FieldValue>(field: KeyPath<Fields, Field<Value>>, value: Value) -> Filter<Fields> {
    .test(field, "eq", value.json)
}

/// Not the same type and value.
public func != <Fields, Value: FieldValue>(field: KeyPath<Fields, Field<Value>>, value: Value) -> Filter<Fields> {
    .test(field, "ne", value.json)
}

/// Below; numbers by value, text by its UTF-8 bytes.
public func < <Fields, Value: FieldValue>(field: KeyPath<Fields, Field<Value>>, value: Value) -> Filter<Fields> {
    .test(field, "lt", value.json)
}

/// Below or equal.
public func <= <Fields, Value: FieldValue>(field: KeyPath<Fields, Field<Value>>, value: Value) -> Filter<Fields> {
    .test(field, "lte", value.json)
}

/// Above.
public func > <Fields, Value: FieldValue>(field: KeyPath<Fields, Field<Value>>, value: Value) -> Filter<Fields> {
    .test(field, "gt", value.json)
}

/// Above or equal.
public func >= <Fields, Value: FieldValue>(field: KeyPath<Fields, Field<Value>>, value: Value) -> Filter<Fields> {
    .test(field, "gte", value.json)
}

/// Both hold.
public func && <Fields>(left: Filter<Fields>, right: Filter<Fields>) -> Filter<Fields> {
    Filter(json: .object(["and": .array([left.json, right.json])]))
}

/// One of them holds.
public func || <Fields>(left: Filter<Fields>, right: Filter<Fields>) -> Filter<Fields> {
    Filter(json: .object(["or": .array([left.json, right.json])]))
}

/// It does not hold.
public prefix func ! <Fields>(filter: Filter<Fields>) -> Filter<Fields> {
    Filter(json: .object(["not": filter.json]))
}
