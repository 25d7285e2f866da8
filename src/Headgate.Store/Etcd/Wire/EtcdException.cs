namespace Headgate.Store.Etcd.Wire;

/// <summary>A member did not do what it was asked.</summary>
internal sealed class EtcdException(string message, EtcdFailure failure, int code = 0, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>Code of <c>mvcc: required revision has been compacted</c>, and of one that is yet to come.</summary>
    public const int OutOfRange = 11;

    /// <summary>What is known of it.</summary>
    public EtcdFailure Failure { get; } = failure;

    /// <summary>gRPC's code of a refusal; 0 = none.</summary>
    public int Code { get; } = code;
}
