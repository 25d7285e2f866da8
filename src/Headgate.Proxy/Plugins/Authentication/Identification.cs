namespace Headgate.Proxy.Plugins.Authentication;

/// <summary>Whether it is known whose a request is; the default value says that it is.</summary>
/// <param name="Refusal">What nobody's request is told, in the form of <see cref="JsonBodies"/>; empty = the gateway's standard body for the status. Null = it is somebody's.</param>
/// <param name="Status">Status of the refusal, which then has nothing to do with who calls; 0 = the client is challenged to say who it is.</param>
internal readonly record struct Identification(byte[]? Refusal, int Status = 0)
{
    /// <summary>Whether the request has its consumer.</summary>
    public bool IsKnown => Refusal is null;
}
