namespace Headgate.Core.Discovery;

/// <summary>A registry gave no answer that can be used. Its message is for people and tells no secret: which address, what was asked, what came instead.</summary>
public sealed class RegistryException : Exception
{
    /// <summary>Makes one.</summary>
    public RegistryException(string message)
        : base(message)
    {
    }

    /// <summary>Makes one for what stands behind it.</summary>
    public RegistryException(string message, Exception reason)
        : base(message, reason)
    {
    }

    /// <summary>Whether the registry is well and only this service has no answer (it refuses this name, say); default false.</summary>
    public bool IsOfServiceOnly { get; init; }
}
