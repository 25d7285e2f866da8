namespace Headgate.Control.OpenApi;

/// <summary>One thing that the API does.</summary>
/// <param name="Method">GET, POST, PUT, PATCH, DELETE.</param>
/// <param name="Path">With its parameters in braces: <c>/api/upstreams/{id}</c>.</param>
/// <param name="Tag">The page of the reference that tells of it.</param>
/// <param name="Summary">One line.</param>
internal sealed record ApiOperation(string Method, string Path, string Tag, string Summary)
{
    /// <summary>The argument of a write of what gateway instances run: it is answered when all run it, and says how far they have come.</summary>
    public const string Wait = "wait";

    /// <summary>Name of the schema of the body; null = it has none, or any JSON.</summary>
    public string? Body { get; init; }

    /// <summary>Name of the schema of <c>value</c>, or of the items of <c>list</c>, in the answer; null = any JSON.</summary>
    public string? Answer { get; init; }

    /// <summary>Whether the answer is <see cref="Answer"/> itself, without <c>value</c> around it.</summary>
    public bool IsBare { get; init; }

    /// <summary>Whether the answer is a list.</summary>
    public bool IsList { get; init; }

    /// <summary>Arguments of the query beside group and workspace.</summary>
    public string[] Query { get; init; } = [];

    /// <summary>Whether it can be waited for until all gateway instances run what was written.</summary>
    public bool CanWait => Query.Contains(Wait);

    /// <summary>Whether nobody has to say who they are.</summary>
    public bool IsPublic { get; init; }

    /// <summary>Status of success.</summary>
    public int Status => Method == "POST" && !Path.Contains("/test", StringComparison.Ordinal) && IsMaking ? 201 : 200;

    /// <summary>Whether it makes something new.</summary>
    public bool IsMaking { get; init; }
}
