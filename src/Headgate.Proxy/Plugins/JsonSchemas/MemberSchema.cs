namespace Headgate.Proxy.Plugins.JsonSchemas;

/// <summary>A member that a schema names.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Schema">What it has to be; null = anything, and it counts as none that <c>properties</c> names.</param>
/// <param name="IsRequired">Whether it has to be there.</param>
/// <param name="Needs">Places of members that have to be there when it is.</param>
/// <param name="DependentSchema">What the whole object has to be when it is there; null = anything.</param>
internal sealed record MemberSchema(string Name, SchemaNode? Schema, bool IsRequired, int[] Needs, SchemaNode? DependentSchema);
