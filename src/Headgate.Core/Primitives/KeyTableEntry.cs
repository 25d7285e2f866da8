namespace Headgate.Core.Primitives;

/// <summary>A key and its value in a <see cref="KeyTable{T}"/>. Immutable.</summary>
/// <typeparam name="T">What is looked up.</typeparam>
/// <param name="Key">The key.</param>
/// <param name="Hash">Hash of the key.</param>
/// <param name="Owner">Who has brought it: no owner has two of one key.</param>
/// <param name="Value">The value.</param>
/// <param name="Next">The next one of the bucket.</param>
internal sealed record KeyTableEntry<T>(byte[] Key, uint Hash, string Owner, T Value, KeyTableEntry<T>? Next);
