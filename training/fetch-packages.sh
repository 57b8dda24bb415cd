#!/usr/bin/env bash
# fetch-packages.sh DIR: source of released packages, where nearly nothing is a secret, to fit the scorecard on
# (about 700 MB under DIR). Fixed versions from npm and PyPI, so that everyone fits on the same text.
set -euo pipefail
dir=${1:?usage: fetch-packages.sh DIR}
[ -e "$dir/.complete" ] && exit 0
mkdir -p "$dir/.archives"
npm_packages=(
  lodash@4.17.21 axios@1.9.0 react-dom@19.1.0 vue@3.5.16 next@15.3.3 @angular/core@20.0.0 passport@0.7.0
  jsonwebtoken@9.0.2 bcryptjs@3.0.2 ioredis@5.6.1 mongoose@8.15.1 pg@8.16.0 nodemailer@7.0.3 socket.io@4.8.1
  electron-builder@26.0.12 stripe@18.2.0 twilio@5.7.0 @octokit/rest@21.1.1 octokit@4.1.3 googleapis-common@7.2.0
  @aws-sdk/client-s3@3.823.0 @azure/identity@4.10.0 next-auth@4.24.11 oidc-provider@8.8.1 openid-client@6.5.0
  crypto-js@4.2.0 node-forge@1.3.1 sequelize@6.37.7 typeorm@0.3.24 swagger-ui-dist@5.24.0 jquery@3.7.1 moment@2.30.1
  date-fns@4.1.0 i18next@25.2.1 antd@5.25.4 @mui/material@7.1.0 monaco-editor@0.52.2 d3@7.9.0 chart.js@4.4.9
  puppeteer-core@24.10.0 npm@11.4.1 pnpm@10.11.1 ts-node@10.9.2 rollup@4.41.1 @babel/core@7.27.4 postcss@8.5.4
  grpc-tools@1.13.0 protobufjs@7.5.3
)
pypi_packages=(
  Django==5.2.1 requests==2.32.3 Flask==3.1.1 SQLAlchemy==2.0.41 boto3==1.38.28 paramiko==3.5.1 celery==5.5.3
  PyJWT==2.10.1 passlib==1.7.4 httpx==0.28.1
)
(cd "$dir/.archives" && npm pack --silent "${npm_packages[@]}" >/dev/null)
python3 -m pip download --quiet --no-deps --no-binary :all: --dest "$dir/.archives" "${pypi_packages[@]}"
for archive in "$dir"/.archives/*.tgz "$dir"/.archives/*.tar.gz; do
  name=$(basename "$archive" .tgz)
  name=${name%.tar.gz}
  mkdir -p "$dir/$name"
  tar -xzf "$archive" -C "$dir/$name"
done
rm -rf "$dir/.archives"
touch "$dir/.complete"
