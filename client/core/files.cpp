// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/core/files.hpp"

#include "client/core/request.hpp"

namespace berth::client {

Files::Files(WorkspaceConnection* connection, QObject* parent) : QObject(parent), connection_(connection) {}

void Files::createFile(const QString& path, QObject* context, Reply<protocol::Empty> done) {
  auto reply = guarded<protocol::Empty>(context, std::move(done));
  // expected_etag "" makes an existing file a conflict instead of an empty one.
  request<protocol::FileWrite>(
      connection_, {path.toStdString(), "", {}}, this,
      [this, reply](Result<protocol::FileWrite::Result> answer) {
        if (!answer) return reply(std::unexpected(answer.error()));
        connection_->sendFrame({protocol::FrameKind::end, false, answer->channel, 0});
        request<protocol::FileCommit>(connection_, {answer->channel, 0}, this,
                                      [reply](Result<protocol::FileCommit::Result> committed) {
                                        if (!committed) return reply(std::unexpected(committed.error()));
                                        reply(protocol::Empty{});
                                      });
      });
}

void Files::createDirectory(const QString& path, QObject* context, Reply<protocol::Empty> done) {
  request<protocol::FileCreateDirectory>(connection_, {path.toStdString()}, context, std::move(done));
}

void Files::rename(const QString& from, const QString& to, QObject* context, Reply<protocol::Empty> done) {
  request<protocol::FileRename>(connection_, {from.toStdString(), to.toStdString(), {}}, context,
                                std::move(done));
}

void Files::copy(const QString& from, const QString& to, QObject* context, Reply<protocol::Empty> done) {
  request<protocol::FileCopy>(connection_, {from.toStdString(), to.toStdString()}, context, std::move(done));
}

void Files::remove(const QString& path, QObject* context, Reply<protocol::FileDelete::Result> done) {
  request<protocol::FileDelete>(connection_, {path.toStdString(), {}}, context, std::move(done));
}

void Files::undelete(const QString& trash, QObject* context, Reply<protocol::FileUndelete::Result> done) {
  request<protocol::FileUndelete>(connection_, {trash.toStdString()}, context, std::move(done));
}

void Files::stat(const QString& path, QObject* context, Reply<protocol::FileStat::Result> done) {
  request<protocol::FileStat>(connection_, {path.toStdString()}, context, std::move(done));
}

}  // namespace berth::client
