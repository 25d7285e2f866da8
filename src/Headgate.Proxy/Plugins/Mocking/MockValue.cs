using Headgate.Core.Primitives;

namespace Headgate.Proxy.Plugins.Mocking;

/// <summary>A value that is made up, as a JSON schema describes it.</summary>
/// <param name="Name">Its name in an object; null = it has none.</param>
/// <param name="Type">What it is.</param>
/// <param name="Example">What it is always, as JSON; null = drawn anew for each answer.</param>
/// <param name="Parts">Of an object, its members; of a list, what its items are, once.</param>
public sealed record MockValue(string? Name, MockType Type, string? Example, EquatableArray<MockValue> Parts);
