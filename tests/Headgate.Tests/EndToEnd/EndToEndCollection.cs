namespace Headgate.Tests.EndToEnd;

/// <summary>Tests of the built executable run one after the other, with nothing beside them: they load the machine, and some count bytes.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class EndToEndCollection
{
    public const string Name = "EndToEnd";
}
