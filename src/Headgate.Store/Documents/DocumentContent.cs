namespace Headgate.Store.Documents;

/// <summary>The objects of a document.</summary>
/// <param name="Objects">By store key: the object as a store would hold it.</param>
/// <param name="Problems">What was left out or counts otherwise than it looks, each with its place: <c>routes[2]: ...</c>.</param>
public sealed record DocumentContent(IReadOnlyDictionary<string, ReadOnlyMemory<byte>> Objects, IReadOnlyList<string> Problems);
